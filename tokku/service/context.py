"""What every page of the site says of the site itself."""

from tokku import VERSION


def site_version(request):
    return {"site_version": VERSION}
