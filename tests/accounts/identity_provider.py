"""A small identity provider: a real server that speaks OpenID Connect, and tells lies when it is asked to."""

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "tokku", "the-secret-of-the-client"


class IdentityProvider:
    """Whoever comes to its sign-in page is let in at once, as the person of `claims`.

    `claims` go over those of a right ID token. `spoil` changes what it is about to send: the token's text, or an answer by its path.
    """

    def __init__(self):
        self.first, self.second = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("1", "2"))
        self.begun = {}
        self.be_honest()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("", (_Handler,), {"idp": self}))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realm"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def be_honest(self):
        """Forget all that a test has asked for."""
        self.published, self.signs_with, self.kid = [self.first], self.first, ""
        self.claims, self.error, self.spoil_token = {}, "", lambda text: text
        self.answers, self.asked = {}, []

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def metadata(self):
        addresses = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "end",
        }
        return {name: f"{self.issuer}/{path}" for name, path in addresses.items()} | {
            "issuer": self.issuer,
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }

    def authorize(self, query):
        """Where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.begun)}"
        self.begun[code] = query
        answer = {"error": self.error} if self.error else {"code": code}
        return f"{query['redirect_uri']}?{urlencode(answer | {'state': query['state']})}"

    def token(self, form, authorization):
        """The answer to the site itself, which has to prove who it is and that it began this sign-in."""
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        begun = self.begun.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            authorization != f"Basic {expected}"
            or not begun
            or challenge != begun["code_challenge"]
            or form["redirect_uri"] != begun["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "kawasaki",
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
        } | self.claims
        key = self.signs_with
        token = jwt.encode({"alg": "RS256", "kid": self.kid or key.kid}, claims, key)
        return 200, {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self.spoil_token(token),
        }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = url.path.removeprefix("/realm/")
        self.idp.asked.append(path)
        if path in self.idp.answers:
            self._send(*self.idp.answers[path])
        elif path == ".well-known/openid-configuration":
            self._send(200, self.idp.metadata())
        elif path == "keys":
            public = [key.as_dict(private=False) for key in self.idp.published]
            self._send(200, {"keys": public})
        elif path == "authorize":
            self._send(302, {}, Location=self.idp.authorize(query))
        elif path == "end":
            self._send(302, {}, Location=query["post_logout_redirect_uri"])
        else:
            self._send(404, {})

    def do_POST(self):
        self.idp.asked.append("token")
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        answer = self.idp.token(form, self.headers.get("Authorization"))
        self._send(*self.idp.answers.get("token", answer))

    def _send(self, status, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass
