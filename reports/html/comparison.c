/* comparison.c - a comparison as a page: the verdict first, then differing settings and
 * changes; unchanged results are folded. */
#include "reports/html/comparison.h"
#include "reports/common/comparison.h"
#include "reports/html/page.h"
#include "reports/renderer.h"

struct page {
    const struct ipm_comparison *comparison;
    size_t figures;
};

static const struct ipm_comparison *page_comparison(const void *context) {
    return ((const struct page *)context)->comparison;
}

static size_t page_same(const struct ipm_comparison *comparison) {
    return ipm_comparison_count(comparison, IPM_VERDICT_SAME);
}

/* --- above ------------------------------------------------------------------------------ */

static void page_title(FILE *out, void *context) {
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_comparison_say(note, page_comparison(context));
    ipm_html_print(out, "ipcmark: %s", note);
}

static void page_heading(FILE *out, void *context) {
    const struct ipm_comparison *comparison = page_comparison(context);
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_comparison_say(note, comparison);
    ipm_html_print(out, "<h1>Is %s slower than %s?</h1>\n<p class=\"gate %s\">%s</p>\n",
                   ipm_comparison_side(comparison, IPM_ARM_NEW),
                   ipm_comparison_side(comparison, IPM_ARM_BASE),
                   ipm_gate_words[comparison->gate], note);
}

static void page_aside(FILE *out, void *context) {
    const struct ipm_comparison *comparison = page_comparison(context);
    const size_t same = page_same(comparison);
    (void)fputs("<nav aria-label=\"Contents\">\n<ul>\n", out);
    ipm_html_link(out, comparison->difference_count > 0, "differences", "Differences");
    ipm_html_link(out, same < comparison->result_count, "changes", "Results");
    ipm_html_link(out, same > 0, "same", "Unchanged");
    ipm_html_link(out, comparison->unmatched_count > 0, "unmatched", "Not compared");
    ipm_html_link(out, true, "runs", "Runs");
    (void)fputs("</ul>\n</nav>\n", out);
}

/* --- results ----------------------------------------------------------------------------- */

static void page_drawings(FILE *out, struct page *page, bool same) {
    (void)fputs("<div class=\"charts\">\n", out);
    ipm_comparison_forests(out, page->comparison, same, &page->figures);
    (void)fputs("</div>\n", out);
}

static void page_changes(FILE *out, struct page *page) {
    const struct ipm_comparison *comparison = page->comparison;
    if (comparison->result_count == 0)
        (void)fputs("<p>The sides have no case in common.</p>\n", out);
    if (page_same(comparison) == comparison->result_count)
        return;
    ipm_html_section_open(out, "changes", "Changed or undecided");
    ipm_comparison_html_figures(out, comparison, false);
    page_drawings(out, page, false);
    (void)fputs("</section>\n", out);
}

static void page_unchanged(FILE *out, struct page *page) {
    const size_t same = page_same(page->comparison);
    if (same == 0)
        return;
    ipm_html_section_open(out, "same", "Unchanged");
    (void)fprintf(out,
                  "<details class=\"more\"><summary>%zu result%s within the "
                  "threshold</summary>\n",
                  same, same == 1 ? "" : "s");
    ipm_comparison_html_figures(out, page->comparison, true);
    page_drawings(out, page, true);
    (void)fputs("</details>\n</section>\n", out);
}

static void page_main(FILE *out, void *context) {
    struct page *page = context;
    ipm_comparison_html_differences(out, page->comparison);
    page_changes(out, page);
    page_unchanged(out, page);
    ipm_comparison_html_unmatched(out, page->comparison);
    ipm_comparison_html_runs(out, page->comparison);
}

static const struct ipm_html_part page_parts[] = {
    {"title", page_title}, {"heading", page_heading},
    {"aside", page_aside}, {"main", page_main},
    {NULL, NULL},
};

int ipm_comparison_html(const struct ipm_comparison *comparison,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    struct page page = {.comparison = comparison};
    (void)options;
    return ipm_html_page(out, page_parts, &page, &comparison->tool, err);
}
