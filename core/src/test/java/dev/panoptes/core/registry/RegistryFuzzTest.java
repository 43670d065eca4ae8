package dev.panoptes.core.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.panoptes.core.yaml.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Feeds the loader with what mutations make of a corpus. Every input is made from its number alone, so a failure names the one
 * that shows it again. {@code -Dpanoptes.fuzz.seconds=600} runs longer, {@code -Dpanoptes.fuzz.seed=N} elsewhere.
 */
class RegistryFuzzTest {
    private static final Duration LONGEST_ONE = Duration.ofSeconds(5);
    private static final List<String> CORPUS = List.of(
            """
            version: "1"
            hosts: {web-1: {address: 10.0.0.5, labels: {zone: a}}}
            agents:
              hermes: &h
                name: HERMES
                core: true
                placement: {hosts: [web-1], replicas: {min: 1, max: 2}}
                connection: {url: 'http://hermes:8014', health_endpoint: /health, timeout_ms: 5000}
                actions: {notify: {endpoint: /notify, method: POST}}
              other:
                <<: *h
                connection: {url: "https://[::1]:${PORT:-80}/x"}
            chains:
              c: {steps: [{id: a, agent: hermes, action: notify, substeps: [{chain: c}]}]}
            intent_patterns: {agents: {hermes: [x]}, chains: [{pattern: y, chain: c}]}
            """,
            "agents: {a: &a [*a, *a], b: !!binary x, ? [k] : v, <<: [*a, {z: 1}]}",
            "agents:\n  one: |\n    text\n  two: >-\n    more\n\n  three: \"\\x41\\u00e9\\n\"\n  four: 'it''s'\n",
            "%YAML 1.2\n%TAG ! tag:x,2000:\n---\nagents: {}\n...\n---\n- b\n",
            "\uFEFFagents: {\u00fc: {name: \uD83D\uDE00}}\r\n");
    private static final List<String> TOKENS = List.of(
            "&a ",
            "*a",
            "<<: ",
            "? ",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "\r\n",
            "\t",
            "  ",
            "|",
            ">",
            "'",
            "\"",
            "\\x",
            "#",
            "%",
            "!",
            "!!null ",
            "---\n",
            "...\n",
            "~",
            "null",
            "\0",
            "\u0085",
            "\u2028",
            "\uFFFF",
            "${",
            "{{",
            "}}",
            "agents:",
            "url: ",
            "http://",
            "://",
            "@",
            "[::",
            "%25",
            ":99999999999",
            "substeps: [",
            "0x1F",
            ".inf",
            "1e999",
            "-1");

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void noMutationThrowsOrHangs() {
        long seconds = Long.getLong("panoptes.fuzz.seconds", 3);
        long seed = Long.getLong("panoptes.fuzz.seed", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int usable = 0;
        long number = seed;
        for (; System.nanoTime() < end; number++) {
            usable += tryOne(number) ? 1 : 0;
        }
        assertThat(usable)
                .as("mutations that still are registries, of %d", number - seed)
                .isPositive();
    }

    private static boolean tryOne(long number) {
        byte[] input = mutation(new SplittableRandom(number));
        long start = System.nanoTime();
        try {
            RegistryResult result = new RegistryLoader().parse(input, "r.yaml");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            if (took.compareTo(LONGEST_ONE) > 0) {
                return fail(
                        "input %d took %s: %s",
                        number, took, Base64.getEncoder().encodeToString(input));
            }
            return switch (result) {
                case RegistryResult.Absent(String file) -> fail("input %d is absent", number);
                case RegistryResult.Broken(String file, List<Problem> problems) -> {
                    assertThat(problems).isNotEmpty();
                    problems.forEach(problem -> assertThat(problem.text()).doesNotContain("\n"));
                    yield false;
                }
                case RegistryResult.Loaded(Registry registry, List<Problem> problems) -> {
                    walk(registry);
                    yield true;
                }
            };
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(
                    "input " + number + ": " + Base64.getEncoder().encodeToString(input), e);
        }
    }

    /** Everything that checks ask of a registry. */
    private static void walk(Registry registry) {
        for (DeclaredAgent agent : registry.agents()) {
            assertThat(registry.endpoint(agent)).isNotNull();
            assertThat(registry.hostOf(agent)).isNotEmpty();
            assertThat(registry.hostsOf(agent)).isNotEmpty();
            assertThat(agent.key()).isNotBlank();
            assertThat(agent.location().line()).isPositive();
        }
        registry.chains().stream()
                .flatMap(chain -> chain.steps().stream())
                .flatMap(ChainStep::flatten)
                .forEach(step -> assertThat(step.location()).isNotNull());
    }

    private static byte[] mutation(SplittableRandom random) {
        StringBuilder text = new StringBuilder(CORPUS.get(random.nextInt(CORPUS.size())));
        int edits = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
        for (int i = 0; i < edits; i++) {
            edit(text, random);
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        for (int i = random.nextInt(8); i < 3 && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void edit(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        int length = random.nextInt(Math.min(40, text.length() - at + 1));
        switch (random.nextInt(6)) {
            case 0 -> text.delete(at, at + length);
            case 1 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
            case 2 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())).repeat(random.nextInt(300)));
            case 3 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, at + length));
            case 4 -> text.insert(at, Character.toString(random.nextInt(0xD7FF)));
            default -> {
                List<String> lines = new ArrayList<>(text.toString().lines().toList());
                if (!lines.isEmpty()) {
                    String line = lines.remove(random.nextInt(lines.size()));
                    lines.add(random.nextInt(lines.size() + 1), " ".repeat(random.nextInt(4)) + line);
                    text.setLength(0);
                    text.append(String.join("\n", lines));
                }
            }
        }
    }
}
