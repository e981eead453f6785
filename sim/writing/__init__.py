"""Files put into their place: whole or not at all, over others only with leave."""

from sim.writing.account import RUN, Content
from sim.writing.claim import release
from sim.writing.files import may_write, may_write_file, remove_file, write_file, write_folder

__all__ = [
    "RUN",
    "Content",
    "may_write",
    "may_write_file",
    "release",
    "remove_file",
    "write_file",
    "write_folder",
]
