package dev.panoptes.server.web;

import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import org.jspecify.annotations.Nullable;

/**
 * Escapes each value for the place where it stands, and shows controls and marks of direction, by which what a log holds would turn the
 * text of a page around. Line ends, tabs and joiners stay: configurations, rules and names have them.
 */
final class VisibleOutput extends OwaspHtmlTemplateOutput {
    VisibleOutput(TemplateOutput out) {
        super(out);
    }

    @Override
    public void writeUserContent(@Nullable String value) {
        if (value != null) {
            super.writeUserContent(visible(value));
        }
    }

    static String visible(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (harmful(c)) {
                shown = shown == null ? new StringBuilder(text.length() + 16).append(text, 0, i) : shown;
                shown.append("\\u{").append(Integer.toHexString(c)).append('}');
            } else if (shown != null) {
                shown.append(c);
            }
        }
        return shown == null ? text : shown.toString();
    }

    private static boolean harmful(char c) {
        if (c >= ' ' && c < 0x7f) {
            return false;
        }
        if (c <= 0x9f) {
            return c != '\n' && c != '\r' && c != '\t';
        }
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
