"""How much one input may ask of the machine; above, it is rejected with the limit in the reason."""

MIB = 1024 * 1024

# A file that is one article (text, page, PDF ...), and one line of JSONL.
MAX_ARTICLE_BYTES = 20 * MIB
# Of a page, most is scripts; one of nothing but tiny paragraphs takes a minute at this size.
MAX_PAGE_BYTES = 10 * MIB
# The text of one article: the longest novels stay below.
MAX_ARTICLE_CHARS = 5_000_000
MAX_TITLE_CHARS = 1_000
MAX_ID_CHARS = 200
# Short texts beside an article: source, author, agency.
MAX_NAME_CHARS = 500
MAX_URL_CHARS = 2_000
# JSONL is read line by line, archives member by member.
MAX_COLLECTION_BYTES = 2_048 * MIB
# Tables, feeds and agency XML are held in memory as a whole.
MAX_TABLE_BYTES = 200 * MIB
MAX_XML_BYTES = 50 * MIB
MAX_PDF_PAGES = 2_000
# What comes out of a ZIP (DOCX is one too): entries, bytes, and bytes for each byte that went in.
MAX_ZIP_MEMBERS = 100_000
# The list of members is held in memory as a whole, in ten times its bytes.
MAX_ZIP_DIRECTORY_BYTES = 32 * MIB
MAX_ZIP_BYTES = 2_048 * MIB
MAX_ZIP_RATIO = 200
# Small members compress by any ratio and harm nobody.
MAX_ZIP_RATIO_FROM_BYTES = MIB
MAX_DOCX_BYTES = 200 * MIB
