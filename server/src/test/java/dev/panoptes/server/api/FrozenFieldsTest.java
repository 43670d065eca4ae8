package dev.panoptes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of the API are a contract: {@code api-fields.txt} lists those of every answer, a question mark after what need not
 * be there. {@code ApiContractTest} holds the answers to the description. {@code make golden} adds what is new; what is taken
 * away is taken out of the file by hand, with a line in {@code CHANGELOG.md}.
 */
class FrozenFieldsTest {
    private static final Path FILE = Path.of(System.getProperty("basedir", "."), "src/test/resources/api-fields.txt");
    private static final JsonMapper JSON = new JsonMapper();

    private static SortedMap<String, SortedMap<String, Boolean>> read() throws IOException {
        SortedMap<String, SortedMap<String, Boolean>> calls = new TreeMap<>();
        SortedMap<String, Boolean> fields = new TreeMap<>();
        for (String line : Files.readAllLines(FILE)) {
            if (!line.startsWith("  ")) {
                fields = calls.computeIfAbsent(line, _ -> new TreeMap<>());
            } else {
                String field = line.strip();
                boolean always = !field.endsWith("?");
                fields.put(always ? field : field.substring(0, field.length() - 1), always);
            }
        }
        return calls;
    }

    private static void write(SortedMap<String, SortedMap<String, Boolean>> calls) throws IOException {
        StringBuilder text = new StringBuilder();
        calls.forEach((call, fields) -> {
            text.append(call).append('\n');
            fields.forEach((field, always) ->
                    text.append("  ").append(field).append(always ? "" : "?").append('\n'));
        });
        Files.writeString(FILE, text);
    }

    /** @return what the frozen ones have and the present ones have not, and what must be there and need not any more */
    private static List<String> broken(
            SortedMap<String, SortedMap<String, Boolean>> frozen,
            SortedMap<String, SortedMap<String, Boolean>> present) {
        List<String> broken = new ArrayList<>();
        frozen.forEach((call, fields) -> {
            SortedMap<String, Boolean> now = present.get(call);
            if (now == null) {
                broken.add(call + " is gone");
                return;
            }
            fields.forEach((field, always) -> {
                if (!now.containsKey(field)) {
                    broken.add(call + ": " + field + " is gone");
                } else if (always && !now.getOrDefault(field, false)) {
                    broken.add(call + ": " + field + " was always there");
                }
            });
        });
        return broken;
    }

    @Test
    void noFieldOfAnAnswerIsTakenAwayAndNewOnesAreWrittenDown() throws IOException {
        SortedMap<String, SortedMap<String, Boolean>> present =
                new ResponseFields(JSON.readTree(ApiDescription.json())).calls();
        if (Boolean.getBoolean("panoptes.golden.update")) {
            SortedMap<String, SortedMap<String, Boolean>> all = Files.exists(FILE) ? read() : new TreeMap<>();
            present.forEach((call, fields) -> {
                SortedMap<String, Boolean> known = all.computeIfAbsent(call, _ -> new TreeMap<>());
                fields.forEach((field, always) -> known.merge(field, always, Boolean::logicalOr));
            });
            write(all);
        }
        SortedMap<String, SortedMap<String, Boolean>> frozen = read();
        assertThat(broken(frozen, present)).isEmpty();
        assertThat(broken(present, frozen))
                .as("new fields are written down: make golden")
                .isEmpty();
        assertThat(frozen.values().stream().mapToInt(SortedMap::size).sum()).isGreaterThan(1_000);
    }

    @Test
    void aFieldThatIsTakenAwayOrNoMorePromisedIsSeen() throws IOException {
        ObjectNode api = (ObjectNode) JSON.readTree(ApiDescription.json());
        ObjectNode problem = (ObjectNode) api.at("/components/schemas/Token");
        ((ObjectNode) problem.path("properties")).remove("last_used_at");
        ((tools.jackson.databind.node.ArrayNode) problem.path("required")).removeAll();
        assertThat(broken(read(), new ResponseFields(api).calls()))
                .contains("GET /api/v1/tokens 200: .items[].last_used_at is gone")
                .contains("GET /api/v1/tokens 200: .items[].name was always there");
    }
}
