"""Reports as pages: one file each, that needs no network, no script and no other file."""

from sim.report.page.site import gallery_pages, page_of, saved_page

__all__ = ["gallery_pages", "page_of", "saved_page"]
