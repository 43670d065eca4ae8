package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.HttpLine.Request;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One GET of an agent's card (A2A specification, Agent Discovery): its name, version and skills. Where the place of the newer
 * revisions holds none, that of the older ones is asked. Its signatures are verified ({@link CardVerifier}); keys are asked for at
 * its own origin only.
 */
final class CardQuestion implements HttpProbe.Question {
    private static final String OLDER = "/.well-known/agent.json";
    private static final Map<String, String> FIELDS = Map.of("Accept", "application/json");

    private final HealthAnswerParser parser = new HealthAnswerParser();

    @Override
    public HttpProbe.Asked ask(HttpLine line) throws IOException {
        String path = line.target().path();
        HttpAnswer answer = line.send(Request.get(path, FIELDS));
        if (answer instanceof HttpAnswer.Whole whole
                && whole.status() == 404
                && path.endsWith("/.well-known/agent-card.json")) {
            HttpAnswer older = line.send(Request.get(OLDER, FIELDS));
            answer = older instanceof HttpAnswer.Whole other && other.status() / 100 == 2 ? older : answer;
        }
        return new HttpProbe.Asked(judged(answer, line), null);
    }

    /** What an answer is that is no card is said as of a health endpoint. */
    private ProbeAnswer judged(HttpAnswer answer, HttpLine line) {
        long millis = line.millis();
        if (Refusals.ofStrangers(answer)) {
            return new ProbeAnswer.NotAsked("its card is shown only to whom it knows");
        }
        ProbeAnswer read = parser.parse(answer, millis);
        if (!(read instanceof ProbeAnswer.Healthy healthy && answer instanceof HttpAnswer.Whole whole)) {
            return read;
        }
        JsonNode card = ForeignJson.object(whole.body());
        String name = card == null ? null : ForeignJson.text(card.path("name"));
        if (card == null || name == null || !card.path("skills").isArray()) {
            return new ProbeAnswer.Faulty(
                    whole.status(),
                    "answers with a JSON object that is no agent card: it lacks name or skills",
                    true,
                    millis);
        }
        return new ProbeAnswer.Healthy(
                healthy.status(),
                name,
                null,
                ForeignJson.version(card.path("version")),
                null,
                ForeignJson.names(card.path("skills"), "id"),
                signature(card, line),
                millis);
    }

    private static CardSignature signature(JsonNode card, HttpLine line) {
        if (!card.path("signatures").isArray() || card.path("signatures").isEmpty()) {
            return new CardSignature(CardSignature.Outcome.UNSIGNED, "has no signature");
        }
        String origin = line.target().scheme() + "://" + line.target().authority();
        return new CardVerifier(origin, line.target().key(), path -> keys(line, path)).verify(card);
    }

    private static byte @Nullable [] keys(HttpLine line, String path) {
        try {
            return line.send(Request.get(path, FIELDS)) instanceof HttpAnswer.Whole whole && whole.status() == 200
                    ? whole.body()
                    : null;
        } catch (IOException e) {
            // The card is known by now; that its keys cannot be read is said of the signature.
            return null;
        }
    }
}
