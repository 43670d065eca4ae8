package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.HttpLine.Request;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** One GET of a health endpoint, with a nonce that an enrolled instance signs. */
final class HealthQuestion implements HttpProbe.Question {
    private static final int NONCE_BYTES = 32;

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
        return new HttpProbe.Asked(parser.parse(answer, line.millis()), proof);
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
