"""Every threshold by which geometry judges a page, with its reason.

Lengths are multiples of `em`, the height of a usual line of text on the page, so the resolution
does not matter. Shares are 0 to 1.
"""

# Is the page one that the detector knows? The released one was trained on papers.
# Mean score of the best box over every line: 0.87 to 0.99 on papers, below 0.85 on most invoices.
TRUSTED_SCORE = 0.85
# Above this share of text lines outside every region the detector did not understand the page.
UNCOVERED_LINES = 0.20
# Above this share of text lines in false figures and tables, neither.
MISREAD_LINES = 0.30

# Figures.
# A figure this large is a whole page of something else (watermarked invoices, covers with text).
WHOLE_PAGE_FIGURE = 0.60
# Nor does a drawing have more labels than this and more text than the rest of its page.
MANY_LABELS = 40
# Labels in a drawing are few; with more lines the figure must show that it is a picture.
FIGURE_LINES = 3
# Share of a figure that is rough ink (no plain fill): from here on it is a photo or a dense chart.
PICTURE_INK = 0.12
# A chart has thin curves, but then its labels take little room (the cells of a coloured table take
# more, and have straight edges only). The detector must be sure of it, or the ink plenty.
CHART_ROUGH = 0.008
CHART_INK = 0.002
CHART_TEXT = 0.18
SURE_FIGURE = 0.8
BUSY_CHART = 0.03
# A diagram of boxes and arrows is rules to us; the detector must be very sure of it.
SURE_DIAGRAM = 0.9
DIAGRAM_RULES = 4
# The two axes of a chart, against the sides of its figure.
AXIS = 0.5
# Without even this much ink beside its text, a "figure" is text.
BLANK_INK = 0.003
# A picture over a whole page of text must be a photo.
PHOTO_INK = 0.35
# A lattice this full that takes half of a figure makes a table of it, unless the figure is sure.
FULL_TABLE = 0.5

# A line of text that sticks out of a figure, at most so far inside its upper or lower edge, is none
# of its labels.
FIGURE_SLACK = 0.15
WITHIN = 0.98

# Pictures that the detector missed.
# Smaller things are dirt, bullets, punctuation or single letters.
PICTURE_SIDE = 2.0
PICTURE_AREA = 7.0
# Ink less than so much of its box is scratches and noise.
PICTURE_FILL = 0.04
# Longer against the other side: a bar or what is left of a rule.
PICTURE_ASPECT = 12.0
# Larger than so much of the page: a frame, a background or the border of a scan.
PICTURE_PAGE_SHARE = 0.9
# Handwriting in a drawn cell: so far from its edges; strokes so near each other hang together; such
# as count are so long; one group at least is so wide and high, and not filled.
CELL_EDGE = 0.3
STROKE_REACH = 0.6
STROKE_LONG = 0.8
SCRIPT_WIDTH = 3.0
SCRIPT_HEIGHT = 1.3
SCRIPT_FILL = 0.5
# Upright text on so much of unread ink is what a stroke crosses or a stamp was misread as.
STAMP_READ = 0.05
# Outside cells unread ink is script where it is so wide and high, not as dense as a fill, with as
# much rough ink, away from the edges of the page, and with a stroke along so much of its width:
# specks of grain hang together by chance, but not over a long way.
SCRIPT_WORD = 2.5
SCRIPT_LOW = 0.9
SCRIPT_HIGH = 6.0
SCRIPT_THIN = 0.06
SCRIPT_ROUGH = 0.3
SCRIPT_OFF_EDGE = 0.5
SCRIPT_STROKE = 0.22
# Text is not made out where its line is so many times as high as others and read with so little
# confidence, unless more lines are like that.
UNREADABLE_HEIGHT = 1.8
UNREADABLE_SCORE = 0.8
UNREADABLE_LINES = 4
# A photo in a cell is so high and wide, and so much of it is no plain ground.
CELL_PICTURE = 2.5
TEXTURED = 0.2
# What touches the edge of the page must be this thick and rough, or it is the shadow of a scan; a
# strip along more than half of a side is one also where it is thick.
PICTURE_AT_EDGE = 3.0
ROUGH_AT_EDGE = 0.15
SHADOW_LENGTH = 0.5
SHADOW_ASPECT = 5.0
# Elsewhere ink that changes so little against its amount is a tint of the paper, save where it is
# dense: then it is a plain logo.
ROUGH_INK = 0.2
SOLID_FILL = 0.5
# Punch holes are round, solid, near an edge and small (7 of 210 mm).
PUNCH_MARGIN = 0.12
PUNCH_SIZE = 0.045
PUNCH_FILL = 0.6
PUNCH_ROUGH = 0.5
# A photograph fills the page where little is as light as the paper (within so many levels of 255),
# much is rough, and there is no more text than a title.
BLANK_LEVELS = 12
FULL_PHOTO_BLANK = 0.35
FULL_PHOTO_INK = 0.15
FULL_PHOTO_LINES = 12
FULL_PHOTO_TEXT = 0.1
# The black border of a scan: how dark against the paper, how long and how deep against the page,
# and how far from the edge it may begin.
BORDER_DARK = 0.35
BORDER_LENGTH = 0.6
BORDER_DEPTH = 0.35
BORDER_START = 0.01
# A page darker than this (of 255) is light type on a dark ground.
DARK_PAPER = 100.0
# A shadow over the paper, in so many strips each way: deeper than this, or from strip to strip by
# more, it is a fill or a photograph; fainter, it does no harm. As shares of the light of the paper.
SHADOW_STRIPS = 16
DEEP_SHADOW = 0.5
FAINT_SHADOW = 0.95
SHADOW_STEP = 0.12
# Dust is specks of no more than so many pixels of the ink picture, in so large a share of all tiles
# of the page, of which there are so many each way.
DUST_SIDE = 5
DUST_TILES = 8
DUSTY = 0.5
# A fill behind text is of one colour (change from pixel to pixel), at least 3 x 3 em, has straight
# edges, and a line of text has it around.
PANEL_CHANGE = 16
PANEL_AREA = 9.0
PANEL_STRAIGHT = 0.6
PANEL_AROUND_TEXT = 0.35
# A stroke with so much other ink on both sides, within so many pixels of the ink picture (a line of
# text has about six), is a bar of a barcode or a line of hatching.
STRIPES = 0.25
STRIPE_REACH = 6
# Pieces of a drawing are smaller and stand closer to each other than this.
PIECE_AREA = 100.0
PIECE_GAP = 2.0
# Crumbs beside a picture, too small for one, belong to it from this length on.
CRUMB_SIDE = 0.8
CRUMB_GAP = 1.2
CRUMB_GROWTH = 3.0
# A photograph inside a table, for instance the portrait in an info box: its size in square em, its
# shares of ink and of rough ink.
TABLE_PHOTO_AREA = 36.0
TABLE_PHOTO_INK = 0.5
TABLE_PHOTO_ROUGH = 0.3
# A text region of the detector without text but with so much ink is a picture: a logo, lettering.
UNREAD_INK = 0.15
UNREAD_SIDE = 0.8
# Pieces with more lines of several words between them are pictures beside text.
SPOKEN_LINES = 2
SPOKEN_WORDS = 3.0
# A fill behind text: more of it than this is covered by lines.
PICTURE_TEXT = 0.45

# Text.
# A text-like box with this share inside a table belongs to the table.
TEXT_IN_TABLE = 0.80
# A line belongs to a region that holds more than half of it.
LINE_IN_REGION = 0.50
# A wider gap between words is a column gap (a space is 0.2 to 0.5 em, justified up to 0.9 em).
CHUNK_GAP = 1.0
# Lines of one block: free height between them (lines of a text layer may overlap), indentation,
# ratio of their heights.
BLOCK_GAP = 0.8
BLOCK_OVERLAP = 0.6
BLOCK_INDENT = 3.0
BLOCK_HEIGHT_RATIO = 1.4
# Running text: several lines of so many em and words, most of which reach the right edge.
PROSE_LINES = 3
PROSE_WIDTH = 12.0
PROSE_WORDS = 4.0
PROSE_FULL = 0.8
PROSE_FULL_SHARE = 0.6
# A reference list starts at least this share of its lines with [1], 1. or the like.
REFERENCE_MARKS = 0.15
# What stands alone so near to the bottom of the page, so far below all else, and is so small
# against its text, is a footer.
FOOTER_ZONE = 0.1
FOOTER_GAP = 4.0
FOOTER_SIZE = 0.95
# A caption is no larger than so much of the usual type.
CAPTION_SIZE = 1.12
# A line this much taller than the usual one is a title.
TITLE_HEIGHT = 1.35
# ... and set in type so much larger, where its size is known.
TITLE_SIZE = 1.15
# On a page that geometry decides, a title of the detector must be this sure.
SURE_TITLE = 0.8

# Tables.
# Edges that align, and the free height between rows of one table.
ALIGNED = 0.7
ROW_GAP = 2.2
# A header or a cut row stands this near to the rest, and a header has at most so many rows.
NEXT_ROW_GAP = 1.2
HEADER_ROWS = 3
# Fewer rows with several cells are chance, unless drawn rules say otherwise.
TABLE_ROWS = 3
RULED_ROWS = 2
# Two columns are a form (label and value) unless there are this many rows of plain numbers, and few
# labels that end with a colon.
NUMERIC_PAIR_ROWS = 5
NUMERIC_PAIR_SHARE = 0.8
LABEL_SHARE = 0.3
# Share of cells with numbers from which three borderless columns are a table, not three addresses.
NUMERIC_SHARE = 0.25
# Average share of columns that a row fills.
FILLED_COLUMNS = 0.5
# Share of the cells of a drawn lattice that hold text; the grid behind a chart has its labels
# outside.
FILLED_CELLS = 0.25
# Two blocks side by side: the gap between them, and the share of rows with text on both sides.
GUTTER = 5.0
GUTTER_CROSSED = 0.6
# So many rules from one to the other make one table of them.
GUTTER_RULES = 2
# Rules that close a table begin and end at the same places, this exactly; the rows of a table stand
# no further from each other, and its header is no higher.
CLOSING_ENDS = 1.0
# Pieces of such a rule lie at heights that differ no more than this, and make so much of it.
CLOSING_PIECES = 0.25
CLOSING_SEEN = 0.6
CLOSED_ROW_GAP = 3.0
CLOSED_HEADER = 4.5
# A part of a header is narrower than so much of its table.
HEADER_PART = 0.6
# Rules of a table are hardly longer than its text, or else at least so many.
RULE_LENGTH = 1.3
CLOSING_RULES = 3
# With lines beside its rules in no more of its rows, a table ends where they end.
BESIDE_RULES = 0.3
# How far a rule above or below may stand off its table.
RULE_REACH = 4.0
# A detector's table so much larger than what geometry shows has swallowed other things.
SWALLOWED = 1.6
# A table that only the detector sees: share of rows with several cells, share of running text,
# share of the page.
TABULAR_ROWS = 0.5
TABULAR_PROSE = 0.4
TABULAR_PAGE = 0.6
# Where it sees no columns, geometry still believes a detector this sure on a page that it knows.
SURE_TABLE = 0.85

# Displayed formulas.
# A formula of the detector counts from this score on, and with no more than this share of words.
SEEN_FORMULA = 0.5
FORMULA_WORDS = 0.35
# Signs from which on letters between them are hardly words.
FORMULA_SIGNS = 3
# Its fragments: in a row, so far from each other; else above each other, with so much between them
# at the side and in height. In a row are lines that share this much of their height.
FORMULA_GAP = 3.0
FORMULA_PARTS = 0.5
FORMULA_LEADING = 0.6
FORMULA_ROW = 0.25
# Without a number it is no higher than so many em, indented, and so near to the middle of its
# column (against the width of that).
FORMULA_ROWS = 8.0
FORMULA_INDENT = 1.5
FORMULA_CENTRE = 0.12

# Scores of regions that no network scored.
RULED_SCORE = 0.9
ALIGNED_SCORE = 0.6
BLOCK_SCORE = 0.5
PICTURE_SCORE = 0.5

# Forms.
# How far the rules of an open side may end from each other.
FORM_ENDS = 1.2
# Running text from so many lines on: instructions, not the answer in a box.
FORM_PROSE_LINES = 5
# Share of a form that lies in closed cells; the rest is what its boxes leave between them.
FORM_CLOSED = 0.6
# Share of its cells that hold text: many boxes of a form are empty, those behind a chart all are.
FORM_FILLED = 0.15
# So many rows of text, most of them with several parts, in a cell as wide as all others together:
# a frame around a part of the page.
FRAME_ROWS = 8
# In the head of an invoice it may have boxes beside it, and takes so much of the width.
HEAD_FRAME = 0.5
# Cells with so many rows of text side by side are columns of a table whose rows are not drawn.
FORM_ROWS_IN_CELL = 4
# Such rows are cut where at least so many columns are drawn, ...
RULED_COLUMNS = 3
# ... unless most columns are filled to this share of their width: then they hold running text.
FULL_COLUMN = 0.8
# In a table so many columns hold numbers, in such a share of their rows.
VALUE_COLUMNS, VALUES = 2, 0.6
# A word that reaches so far over an edge on both sides was written over it.
OVER_EDGE = 0.25
# A row goes on where what follows is no further below it.
ROW_GOES_ON = 0.8
# The first column with text in such a share of the rows names the row.
LEADING_COLUMN = 0.3
# So much room below the last row is an empty row.
EMPTY_ROW = 2.5
# So many wide cells with so many parts of text beside each other are rows whose columns are not.
FORM_WIDE_CELLS = 3
FORM_COLUMNS_IN_CELL = 4
