"""Sealed evaluations as open data, and the dictionary of their columns."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evaluations.models import Zone
from evaluations.sealed.open_data import TABLES, as_csv, as_json, newest_versions
from evaluations.views.common import reports_broken_seals

WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}


@require_safe
def open_data(request, zone):
    visible_zone = _visible_zone(request.user, zone)
    context = {
        "zone": visible_zone,
        "tables": TABLES,
        "versions": newest_versions(visible_zone).defer("document", "contents"),
    }
    return render(request, "evaluations/open_data/open_data.html", context)


@require_safe
@reports_broken_seals
def open_data_file(request, zone, table, format):
    visible_zone = _visible_zone(request.user, zone)
    known_table = next((data_table for data_table in TABLES if data_table.name == table), None)
    if known_table is None or format not in WRITERS:
        raise Http404
    write, content_type = WRITERS[format]
    name = f"{visible_zone.slug}-{known_table.name}.{format}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        write(known_table, visible_zone), content_type, headers={"Content-Disposition": disposition}
    )


def _visible_zone(user, slug):
    return get_object_or_404(Zone.objects.visible_to(user), slug=slug)
