"""Every threshold of restoration in one place.

Lengths are relative: `lh` is the median height of the page's text lines, `em` the type size of the
text concerned.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """Thresholds; the defaults suit scans of 150 dpi and more as well as digital pages.

    Attributes:
        furniture: Whether running headers, footers and page numbers leave the body.
        snap_paper_mm: A page this close to a known paper size takes that size exactly.
        overlap_lh: Boxes share a column only when they overlap by more than this, in lh ...
        overlap_share: ... or by more than this share of the narrower one, whichever is less.
        run_shrink_lh: Boxes are made lower by this at both ends before rows are told apart.
        run_box_lh: A box of a row of labels and values is at most this high.
        run_rows: So many such rows in succession are read row by row.
        run_boxes: A single row of so many boxes is as well: the heads of a table's columns.
        run_head_lh: Its boxes are at most this high.
        same_row: Overlap in height, as a share of the lower box, that puts two boxes on one row.
        space_em: A gap of this width between two boxes of a row is a space ...
        cjk_space_em: ... of this width where one side is Chinese, Japanese or Korean.
        tab_em: A gap of this width is a tab stop.
        ledger_tab_em: A gap of this width is one in a row of labels and values.
        ledger_gap_em: A value stands at most this far from its label ...
        number_gap_em: ... and this far where it is a number or date.
        link_gap: Lines whose gap exceeds the usual one of the page by this multiple of their
            height are not one stack.
        link_size: Lines whose sizes differ by more than this factor are not one stack.
        paragraph_gap: A new paragraph starts where the step exceeds this multiple of the pitch ...
        loose_paragraph_gap: ... of this one where the pitch varies (see `pitch_spread`).
        pitch_spread: Spread of steps, as a share of the pitch, above which the pitch varies.
        indent_em: A line this far right of the edge is indented.
        indented_share: Share of the lines that may be indented for an indent to mean something.
        fit_em: Slack when asking whether the next word would have fitted on the line before.
        size_step: Lines whose sizes differ by more than this factor are other paragraphs.
        edge_em: Edges closer than this are the same edge.
        justified_share: Share of the lines that must reach the right edge of justified text.
        continue_size: Sizes may differ by this share where a paragraph runs on in the next column.
        cluster_size: Sizes closer than this share are one size.
        bold_ratio: Bold strokes are this many times as thick as the body's, for their size ...
        bold_sigma: ... and so many standard deviations thicker.
        title_ratio: The title of a document is this many times as large as its next heading.
        heading_ratio: Text this many times as large as the body is a heading without further proof.
        heading_size: Sizes of scanned headings closer than this share are one size.
        heading_score: Least confidence of the text of a heading.
        heading_lines: A heading has at most so many lines ...
        heading_words: ... and at most so many words if it ends in a full stop.
        list_indent_em: Step of the left edge from one list level to the next.
        margin_zone: Share of the page height, above and below, where furniture is looked for.
        furniture_similarity: Least similarity of two running lines after masking digits.
        furniture_share: Share of the pages (all, odd or even) on which furniture must recur.
        furniture_score: Least score of a header or footer region in a document of one or two pages.
        footnote_size: A footnote is at most this large, against the median line of the document.
        caption_overlap: Share of a caption's width that must lie beside its picture or table.
        gutter_pt: Least width of the gap between two columns, in points ...
        gutter_lh: ... and in lh.
        column_height_lh: A column of text is at least this high.
        column_width_lh: And at least this wide.
        snap_lh: Column edges closer than this are the same edge, over the whole document.
        min_margin_pt: Least page margin (5 mm).
        table_score: A table below this score keeps its picture and asks for review.
        merge_width: Tables on two pages are one if their widths differ by less than this share.
    """

    furniture: bool = True
    # 5.1
    snap_paper_mm: float = 2.0
    # 3.3
    overlap_lh: float = 0.5
    overlap_share: float = 0.3
    run_shrink_lh: float = 0.2
    run_box_lh: float = 2.0
    run_rows: int = 3
    run_boxes: int = 5
    run_head_lh: float = 3.0
    # 4.1
    same_row: float = 0.6
    space_em: float = 0.22
    cjk_space_em: float = 0.4
    tab_em: float = 2.5
    ledger_tab_em: float = 0.8
    ledger_gap_em: float = 12.0
    number_gap_em: float = 45.0
    link_gap: float = 0.6
    link_size: float = 1.45
    # 4.2
    paragraph_gap: float = 1.3
    loose_paragraph_gap: float = 1.4
    pitch_spread: float = 0.1
    indent_em: float = 0.8
    indented_share: float = 0.6
    fit_em: float = 0.85
    size_step: float = 1.15
    # 5.4
    edge_em: float = 0.5
    justified_share: float = 0.8
    # 4.4, 4.5
    continue_size: float = 0.08
    cluster_size: float = 0.06
    bold_ratio: float = 1.17
    bold_sigma: float = 2.0
    # 2.2, 4.6
    title_ratio: float = 1.25
    heading_ratio: float = 1.2
    heading_size: float = 0.14
    heading_score: float = 0.7
    heading_lines: int = 3
    heading_words: int = 15
    # 4.7
    list_indent_em: float = 0.8
    # 4.8
    margin_zone: float = 0.1
    furniture_similarity: float = 0.85
    furniture_share: float = 0.5
    furniture_score: float = 0.6
    # 4.9
    footnote_size: float = 0.88
    caption_overlap: float = 0.5
    # 3.5
    gutter_pt: float = 8.0
    gutter_lh: float = 0.8
    column_height_lh: float = 3.0
    column_width_lh: float = 5.0
    snap_lh: float = 0.7
    min_margin_pt: float = 14.2
    # 4.10
    table_score: float = 0.5
    merge_width: float = 0.1
