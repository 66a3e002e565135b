"""What browsers may keep of the site."""

from django.utils.cache import patch_cache_control


class NotStoredMiddleware:
    """Forbids browsers to keep pages: whoever goes back after signing out is asked to sign in.

    Static files are kept; WhiteNoise answers them before this middleware is asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_cache_control(response, no_store=True)
        return response
