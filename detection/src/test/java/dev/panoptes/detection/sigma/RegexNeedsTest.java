package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.panoptes.core.event.Event;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an expression needs is never more than it does need: else a rule would not be tried where it matches. */
class RegexNeedsTest {
    private static String needs(String expression) {
        return told(RegexNeeds.of(expression, 0));
    }

    private static String told(Needed needed) {
        return switch (needed) {
            case Needed.Literal literal -> literal.text();
            case Needed.All(List<Needed> parts) ->
                parts.stream().map(RegexNeedsTest::told).collect(Collectors.joining(" + "));
            case Needed.One(List<Needed> parts) ->
                parts.stream().map(RegexNeedsTest::told).collect(Collectors.joining(" | ", "(", ")"));
        };
    }

    @Test
    void literalsThatEveryMatchHas() {
        assertThat(needs("\\bcat\\s+/etc/(passwd|shadow)$")).isEqualTo("cat + (/etc/passwd | /etc/shadow)");
        assertThat(needs("(?i)(Nmap|masscan).*")).isEqualTo("(nmap | masscan)");
        assertThat(needs("abc|de+f")).isEqualTo("(abc | de)");
        assertThat(needs("a{2}bcd[^]x]q7")).isEqualTo("aabcd + q7");
        assertThat(needs("[bd]ash(es)?")).isEqualTo("(bashes | bash | dashes | dash)");
        assertThat(needs("a(b|c\\sd.*ef)g")).isEqualTo("");
        assertThat(needs("xy(ab|cd\\sef)gh")).isEqualTo("xy + (ab | cd + ef) + gh");
    }

    @Test
    void whatMayBeAbsentIsNotNeeded() {
        assertThat(needs("abcd?")).isEqualTo("(abcd | abc)");
        assertThat(needs("(abcd)*ef")).isEqualTo("ef");
        assertThat(needs("(abcd){0,3}ef")).isEqualTo("ef");
        assertThat(needs("abcd|.*")).isEmpty();
        assertThat(needs("abcd|")).isEmpty();
        assertThat(needs("[a-z]+")).isEmpty();
        assertThat(needs("(x|)yz")).isEqualTo("(xyz | yz)");
    }

    @Test
    void whatStandsBesideIsNeeded() {
        Looked needed = new Looked(RegexNeeds.of("(^|[\\s/])nc\\b", 0));
        assertThat(List.of("/nc -l", "a nc", "nc", "xnc nc", "/NC")).allMatch(needed::holds);
        assertThat(List.of("rsync", "ncat", "a_nc", "ncx nc2 xnc", "-nc")).noneMatch(needed::holds);
    }

    /** What is needed, ready to be looked for in texts. */
    private static final class Looked {
        private final Paths paths = new Paths();
        private final List<Integer> slots = List.of(paths.plain("text"));
        private final Atoms atoms = new Atoms();
        private final Gate gate;
        private final List<Integer> index;
        private final Map<Integer, Scanner> scanners;

        Looked(Needed needed) {
            gate = gate(needed);
            index = gate.rarest().atoms().stream().map(atoms::index).toList();
            scanners = atoms.scanners();
        }

        private Gate gate(Needed needed) {
            return switch (needed) {
                case Needed.Literal literal -> new Gate.AnyOf(List.of(atoms.literal(slots, literal)));
                case Needed.All(List<Needed> parts) ->
                    Gate.all(parts.stream().map(this::gate).toList());
                case Needed.One(List<Needed> parts) ->
                    Gate.one(parts.stream().map(this::gate).toList());
            };
        }

        boolean holds(String text) {
            Marks marks = new Marks(atoms.size());
            scanners.values().forEach(scanner -> scanner.scan(text, marks));
            boolean holds =
                    gate.holds(new View(paths, Event.builder().put("text", text).build(), marks));
            if (holds && !index.isEmpty()) {
                assertThat(index).as(text).anyMatch(marks::has);
            }
            return holds;
        }
    }

    @Test
    void whatIsNotKnownSaysNothing() {
        assertThat(needs("abcd(?i)ef")).isEmpty();
        assertThat(needs("abcd(?P<n>ef)")).isEmpty();
        assertThat(needs("abcd[[:alpha:]]")).isEmpty();
        assertThat(needs("abcd\\Qe\\E")).isEmpty();
    }

    private static final List<String> ATOMS = List.of(
            "a", "b", "K", "s", ".", "\\s", "\\S", "\\w", "\\W", "\\d", "\\b", "\\b", "\\B", "^", "$", "[ab]",
            "[^a\\s]", "[a-c_-]", "\\.", "\\x41", "-", "/", " ", "\\A", "\\z", "(?:a|)", "\\n", "ab", "sK", "a-",
            "[bk]a", "abK_");
    private static final List<String> REPEATS =
            List.of("", "", "", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?", "{4}", "{0}");
    private static final String LETTERS = "aaabbcKks \n-_./A1Z\u017f\u212a\u00e4";

    private static String expression(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        int parts = 1 + random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            if (i > 0 && random.nextInt(7) == 0) {
                text.append('|');
            }
            String atom = depth > 0 && random.nextInt(4) == 0
                    ? "(" + expression(random, depth - 1) + ")"
                    : ATOMS.get(random.nextInt(ATOMS.size()));
            boolean place = List.of("\\b", "\\B", "^", "$", "\\A", "\\z").contains(atom);
            boolean one = atom.length() == 1 || atom.startsWith("(") || atom.startsWith("\\");
            text.append(atom).append(place || !one ? "" : REPEATS.get(random.nextInt(REPEATS.size())));
        }
        return text.toString();
    }

    /** Random expressions and texts: what the general engine finds, the needs allow. */
    @Test
    void nothingThatIsFoundLacksWhatIsNeeded() {
        Random random = new Random(20_261_130);
        int refused = 0;
        int found = 0;
        for (int i = 0; i < 6_000; i++) {
            int flags = random.nextInt(8);
            int given = ((flags & 1) != 0 ? Pattern.CASE_INSENSITIVE : 0)
                    | ((flags & 2) != 0 ? Pattern.MULTILINE : 0)
                    | ((flags & 4) != 0 ? Pattern.DOTALL : 0);
            Pattern pattern = Pattern.compile(expression(random, 2), given);
            Needed needed = RegexNeeds.of(pattern.pattern(), pattern.flags());
            Looked looked = new Looked(needed);
            for (int j = 0; j < 30; j++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(12);
                for (int k = 0; k < length; k++) {
                    text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
                if (random.nextInt(20) == 0) {
                    text.append("\ud83d\ude00");
                }
                boolean allowed = looked.holds(text.toString());
                if (pattern.matcher(text.toString()).find()) {
                    found++;
                    assertThat(allowed)
                            .as("%s with %s in '%s', needs %s", pattern.pattern(), given, text, told(needed))
                            .isTrue();
                } else if (!allowed) {
                    refused++;
                }
            }
        }
        assertThat(found).isGreaterThan(10_000);
        assertThat(refused).isGreaterThan(30_000);
    }
}
