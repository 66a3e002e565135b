"""Moves of the process as actions of a list, and the badge of a state."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.html import format_html

from evaluations import moves
from evaluations.permissions import why_not_manage


@admin.display(description="状態", ordering="state")
def badge(row):
    return format_html(
        '<span class="badge badge--{}">{}</span>', row.state, row.get_state_display()
    )


class MoveActions:
    """Actions that carry out moves. A move that needs a reason asks for it on a page of its own."""

    moves: dict = {}
    move_names: Iterable[str] = ()
    moved = ""  # what people call a row that is moved

    def get_actions(self, request):
        actions = super().get_actions(request)
        states = set(self.get_queryset(request).order_by().values_list("state", flat=True))
        for name in self.move_names:
            if states & self.moves[name].sources and not self.why_not_offer(request, name):
                actions[f"move_{name}"] = (
                    lambda _, request, rows, name=name: self.carry_out(request, rows, name),
                    f"move_{name}",
                    self.moves[name].of(f"選択した{self.moved}"),
                )
        return actions

    def why_not_offer(self, request, name) -> str:
        return why_not_manage(request.user)

    def carry_out(self, request, rows, name):
        with transaction.atomic():
            self.lock(request, *rows)
            return self._carry_out(request, rows.all(), name)

    def _carry_out(self, request, rows, name):
        move = self.moves[name]
        if stale := [reason for row in rows if (reason := self.why_stale(request, row))]:
            for reason in stale:
                self.message_user(request, reason, messages.ERROR)
            return None
        if move.needs_reason and "confirmed" not in request.POST:
            return self.ask_reason(request, rows, name)
        reason = request.POST.get("reason", "").strip()
        if move.needs_reason and not reason:
            refusal = f"「{move.label}」には理由を入力してください。"
            return self.ask_reason(request, rows, name, refusal)
        for row in rows:
            try:
                moves.move(row, name, by=request.user, reason=reason)
            except PermissionDenied as refusal:
                self.message_user(request, f"{row}：{refusal}", messages.ERROR)
            else:
                self.message_user(request, move.done_to(row), messages.SUCCESS)
        return None

    def ask_reason(self, request, rows, name, refusal=""):
        context = {
            **self.admin_site.each_context(request),
            "title": self.moves[name].of(self.moved),
            "opts": self.opts,
            "rows": rows,
            "action": f"move_{name}",
            "move": self.moves[name],
            "refusal": refusal,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/evaluations/move_reason.html", context)
