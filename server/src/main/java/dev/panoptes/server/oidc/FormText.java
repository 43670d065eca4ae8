package dev.panoptes.server.oidc;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes {@code application/x-www-form-urlencoded}, which is also what stands in the query of a URL. */
final class FormText {
    private FormText() {}

    /** In the order of the map. */
    static String of(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(each -> word(each.getKey()) + "=" + word(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A URL with these in its query, behind what it has there already. */
    static URI query(URI url, Map<String, String> fields) {
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + of(fields));
    }
}
