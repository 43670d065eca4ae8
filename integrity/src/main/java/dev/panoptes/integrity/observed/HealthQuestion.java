package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.HttpLine.Request;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One GET of a health endpoint, with a nonce that an enrolled instance signs. Spring's actuator names nobody there, so its
 * {@code info} is asked too (Spring Boot, "Actuator endpoints").
 */
final class HealthQuestion implements HttpProbe.Question {
    private static final int NONCE_BYTES = 32;
    private static final String ACTUATOR = "/actuator/health";

    private final SecureRandom random = new SecureRandom();
    private final HealthAnswerParser parser = new HealthAnswerParser();

    @Override
    public HttpProbe.Asked ask(HttpLine line) throws IOException {
        String nonce = nonce();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Accept", "application/json");
        fields.put(IdentityProof.NONCE_FIELD, nonce);
        HttpAnswer answer = line.send(Request.get(line.target().path(), fields));
        IdentityProof proof = answer instanceof HttpAnswer.Whole whole
                ? IdentityProof.of(nonce, whole.fields().get(IdentityProof.PROOF_FIELD))
                : null;
        ProbeAnswer read = parser.parse(answer, line.millis());
        int actuator = line.target().path().indexOf(ACTUATOR);
        return new HttpProbe.Asked(
                actuator >= 0 && read instanceof ProbeAnswer.Healthy healthy && healthy.identity() == null
                        ? described(healthy, line, line.target().path().substring(0, actuator))
                        : read,
                proof);
    }

    /** With the name and version of {@code app}, else of {@code build}, where {@code info} is exposed and tells them. */
    private static ProbeAnswer described(ProbeAnswer.Healthy healthy, HttpLine line, String before) {
        JsonNode info;
        try {
            HttpAnswer answer = line.send(Request.get(before + "/actuator/info", Map.of("Accept", "application/json")));
            info = answer instanceof HttpAnswer.Whole whole && whole.status() == 200
                    ? ForeignJson.object(whole.body())
                    : null;
        } catch (IOException e) {
            // That it is healthy is known by now; who it is then is not.
            info = null;
        }
        if (info == null) {
            return healthy;
        }
        String name = first(info, "name");
        String version = first(info, "version");
        return new ProbeAnswer.Healthy(
                healthy.status(),
                name,
                healthy.port(),
                healthy.version() == null ? version : healthy.version(),
                healthy.state(),
                healthy.offers(),
                line.millis());
    }

    private static @Nullable String first(JsonNode info, String field) {
        String ofApp = ForeignJson.version(info.path("app").path(field));
        return ofApp == null ? ForeignJson.version(info.path("build").path(field)) : ofApp;
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
