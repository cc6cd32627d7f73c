"""For a class: exercise notebooks, slides and handouts, made from chapters and their exercises."""

from receiptbook.kit import quiz
from receiptbook.kit.blank import blank_document, blank_sheet, blank_table
from receiptbook.kit.cards import card_key, card_sheet
from receiptbook.kit.files import AUDIENCES, STUDENTS, TEACHER, KitFile, SitePage, meant_for, write
from receiptbook.kit.handouts import print_pages
from receiptbook.kit.notebooks import VERSIONS, notebook
from receiptbook.kit.slides import Deck, anchor, deck_page, letter, part_deck
