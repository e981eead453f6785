"""Reports as pages: one file each, that needs no network, no script and no other file."""

from sim.report.page.site import calendar_pages, gallery_pages, page_of, saved_page

__all__ = ["calendar_pages", "gallery_pages", "page_of", "saved_page"]
