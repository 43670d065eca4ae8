package dev.panoptes.server.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code application/x-www-form-urlencoded} strictly: each field once, valid UTF-8, no control characters. */
final class Form {
    private static final int MOST_FIELDS = 20;

    private Form() {}

    static Map<String, String> read(byte[] body) {
        Map<String, String> fields = new LinkedHashMap<>();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", MOST_FIELDS + 2)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (fields.put(name, value) != null || fields.size() > MOST_FIELDS) {
                throw invalid();
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            // As bytes first, so that what is no UTF-8 is refused and not replaced.
            String bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
            if (decoded.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw invalid();
            }
            return decoded;
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static ProblemException invalid() {
        return Problem.of(ErrorCode.INVALID_REQUEST, "The form cannot be read").exception();
    }
}
