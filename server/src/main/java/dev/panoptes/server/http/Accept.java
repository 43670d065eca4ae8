package dev.panoptes.server.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which form of an answer a caller would rather have (RFC 9110, section 12.5.1). */
final class Accept {
    private Accept() {}

    /** True for browsers: HTML is named, and JSON is not wanted more. What asks for anything at all is a program. */
    static boolean html(@Nullable String header) {
        double html = 0;
        double json = 0;
        for (String part : (header == null ? "" : header).split(",", 64)) {
            String[] words = part.split(";", -1);
            String type = words[0].strip().toLowerCase(Locale.ROOT);
            if (type.equals("text/html")) {
                html = Math.max(html, quality(words));
            } else if (type.equals(Response.JSON)) {
                json = Math.max(json, quality(words));
            }
        }
        return html > 0 && html >= json;
    }

    private static double quality(String[] words) {
        for (int i = 1; i < words.length; i++) {
            String word = words[i].strip();
            if (word.matches("[qQ]=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(word.substring(2));
            }
        }
        return 1;
    }
}
