package dev.panoptes.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** The headers that every answer bears: what a browser may do with it, and that nobody keeps it. */
final class Headers {
    private static final Map<String, String> ALWAYS = always();
    private static final String TRANSPORT = "Strict-Transport-Security";
    private static final String TRANSPORT_VALUE = "max-age=31536000";

    private static final List<HttpField> ENCODED = ALWAYS.entrySet().stream()
            .<HttpField>map(each -> new PreEncodedHttpField(each.getKey(), each.getValue()))
            .toList();
    private static final HttpField TRANSPORT_ENCODED = new PreEncodedHttpField(TRANSPORT, TRANSPORT_VALUE);

    private Headers() {}

    private static Map<String, String> always() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src"
                        + " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        all.put("X-Content-Type-Options", "nosniff");
        all.put("X-Frame-Options", "DENY");
        all.put("Referrer-Policy", "no-referrer");
        all.put("Cache-Control", "no-store");
        return all;
    }

    static void decorate(BiConsumer<String, String> headers, boolean tls) {
        ALWAYS.forEach(headers);
        if (tls) {
            headers.accept(TRANSPORT, TRANSPORT_VALUE);
        }
    }

    /** The same as bytes that are made once; to fields that have none of them yet. */
    static void decorateAll(HttpFields.Mutable fields, boolean tls) {
        for (HttpField field : ENCODED) {
            fields.add(field);
        }
        if (tls) {
            fields.add(TRANSPORT_ENCODED);
        }
    }
}
