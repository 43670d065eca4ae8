package dev.panoptes.server.web;

import dev.panoptes.integrity.report.HtmlReport;
import java.util.Collection;
import java.util.function.Function;

/**
 * A piece of HTML. Only templates of our own become markup; every value that is put into one is escaped, unless it is a piece
 * of HTML already. Attributes are written in double quotes.
 */
record Html(String text) {
    static final Html NONE = new Html("");
    private static final String PLACE = "{}";

    /** @param template a constant, with {@code {}} where the values go */
    static Html of(String template, Object... values) {
        StringBuilder text = new StringBuilder(template.length() + 32);
        int from = 0;
        for (Object value : values) {
            int place = template.indexOf(PLACE, from);
            if (place < 0) {
                throw new IllegalArgumentException("the template has fewer places than there are values");
            }
            text.append(template, from, place).append(markup(value));
            from = place + PLACE.length();
        }
        if (template.indexOf(PLACE, from) >= 0) {
            throw new IllegalArgumentException("the template has more places than there are values");
        }
        return new Html(text.append(template, from, template.length()).toString());
    }

    /** The pieces one after another. */
    static <T> Html each(Collection<T> values, Function<T, Html> piece) {
        StringBuilder text = new StringBuilder();
        values.forEach(value -> text.append(piece.apply(value).text()));
        return new Html(text.toString());
    }

    private static String markup(Object value) {
        return value instanceof Html html ? html.text() : HtmlReport.shown(String.valueOf(value));
    }
}
