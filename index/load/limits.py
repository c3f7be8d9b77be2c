"""How much one input may ask of the machine; above, it is rejected with the limit in the reason."""

MIB = 1024 * 1024

# A file that is one article (text, page, PDF ...), and one line of JSONL or record of a feed.
MAX_ARTICLE_BYTES = 20 * MIB
# The text of one article: the longest novels stay below.
MAX_ARTICLE_CHARS = 5_000_000
MAX_TITLE_CHARS = 1_000
MAX_ID_CHARS = 200
# Short texts beside an article: source, author, agency.
MAX_NAME_CHARS = 500
MAX_URL_CHARS = 2_000
# Files of many articles that are read record by record.
MAX_COLLECTION_BYTES = 2_048 * MIB
# Feeds and agency XML are parsed as a whole.
MAX_XML_BYTES = 50 * MIB
# Archives: what comes out of them, and how much of it.
MAX_ZIP_MEMBERS = 100_000
MAX_ZIP_BYTES = 2_048 * MIB
MAX_ZIP_RATIO = 200
MAX_PDF_PAGES = 2_000
