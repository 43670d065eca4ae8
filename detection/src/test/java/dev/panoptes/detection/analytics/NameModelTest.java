package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names that the model was not fitted to; docs/detection-quality.md tells the figures by family and source. */
class NameModelTest {
    /** @param generated whether an algorithm made it */
    private record Named(boolean generated, String name) {}

    /** How many there are, how many of the generated were found, how many of the others are accused, and how many surely. */
    private record Figures(double generated, double ordinary, double found, double accused, double surely) {
        static Figures of(List<Named> names) {
            Figures sum = new Figures(0, 0, 0, 0, 0);
            for (Named each : names) {
                int one = each.generated() ? 1 : 0;
                int held = held(each.name()) ? 1 : 0;
                int sure = held == 1 && NameModel.surely(Names.registered(each.name())) ? 1 : 0;
                sum = sum.and(new Figures(one, 1 - one, one * held, (1 - one) * held, (1 - one) * sure));
            }
            return sum;
        }

        Figures and(Figures other) {
            return new Figures(
                    generated + other.generated,
                    ordinary + other.ordinary,
                    found + other.found,
                    accused + other.accused,
                    surely + other.surely);
        }

        double recall() {
            return found / generated;
        }

        double precision() {
            return found / (found + accused);
        }

        double f1() {
            return 2 * precision() * recall() / (precision() + recall());
        }
    }

    private static List<String> lines(String file) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NameModelTest.class.getResourceAsStream("/evaluation/" + file)),
                StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    /** Lines of a kind (g generated, b not), perhaps a family or source, and a name last. */
    private static List<Named> names(String file, String suffix) throws IOException {
        return lines(file).stream()
                .map(line -> new Named(line.startsWith("g "), line.substring(line.lastIndexOf(' ') + 1) + suffix))
                .toList();
    }

    private static Figures first() throws IOException {
        return Figures.of(names("names.txt", ".com"));
    }

    private static Figures second() throws IOException {
        return Figures.of(names("second_names.txt", ""));
    }

    private static Figures third() throws IOException {
        return third("third_generated_names.txt", true).and(third("third_ordinary_names.txt", false));
    }

    private static Figures third(String file, boolean generated) throws IOException {
        return Figures.of(lines(file).stream()
                .map(line -> new Named(generated, line.substring(line.indexOf('\t') + 1)))
                .toList());
    }

    private static boolean held(String name) {
        String domain = Names.registered(name);
        return !Names.familiar(name)
                && !Names.wellKnown(domain)
                && !Names.platform(domain)
                && NameModel.generated(domain);
    }

    @Test
    void theScoreIsThatOfTheFit() {
        assertThat(NameModel.score("fovocebuxylaxa.org")).isCloseTo(7.115, within(0.05));
        assertThat(NameModel.score("tsoaquci.site")).isCloseTo(4.639, within(0.05));
        assertThat(NameModel.score("getphone.it")).isCloseTo(-5.11, within(0.05));
        assertThat(NameModel.score("park-johansson.dev")).isCloseTo(-3.203, within(0.05));
    }

    @Test
    void ofAllOlderListsNineInTenAreToldApart() throws IOException {
        Figures first = first();
        Figures second = second();
        Figures third = third();
        assertThat(first.f1()).as(first.toString()).isGreaterThanOrEqualTo(0.97);
        assertThat(second.f1()).as(second.toString()).isGreaterThanOrEqualTo(0.925);
        assertThat(third.f1()).as(third.toString()).isGreaterThanOrEqualTo(0.94);
        Figures all = first.and(second).and(third);
        assertThat(all.f1()).as(all.toString()).isGreaterThanOrEqualTo(0.94);
        assertThat(all.surely() / all.ordinary()).as(all.toString()).isLessThanOrEqualTo(0.005);
    }

    /** Sixteen families of a fourth hand, and names of sources that no fit has seen: the hardest, two given names among them. */
    @Test
    void namesOfAFourthHandAreToldApart() throws IOException {
        Figures fourth = Figures.of(names("fourth_names.txt", ""));
        assertThat(fourth.f1()).as(fourth.toString()).isGreaterThanOrEqualTo(0.855);
        assertThat(fourth.precision()).as(fourth.toString()).isGreaterThanOrEqualTo(0.88);
        assertThat(fourth.surely() / fourth.ordinary()).as(fourth.toString()).isLessThanOrEqualTo(0.005);
    }

    @Test
    void whatAPlatformGaveIsNotJudgedAndWhatIsRegisteredIs() {
        assertThat(held("flnvngcqkvrpm.pages.dev")).isFalse();
        assertThat(held("app-7f3k2qzx9w.a.run.app")).isFalse();
        assertThat(held("flnvngcqkvrpm.com")).isTrue();
        assertThat(held("x.flnvngcqkvrpm.dev")).isTrue();
        assertThat(Names.platform("pages.dev")).isFalse();
    }

    @Test
    void whatIsNoNameIsNotHeldForGenerated() {
        for (String name :
                List.of("", ".", "a", "xn--bcher-kva.example", "x".repeat(64) + ".com", "....", "\u0000\u0000.com")) {
            assertThat(NameModel.generated(name)).as(name).isFalse();
        }
    }

    /** Signs that stand in no registered name, and labels of all lengths: a score, no failure. */
    @Test
    void everyLabelHasAScore() {
        for (int length = 5; length <= 63; length++) {
            for (String sign : List.of("-", "_", "9", "z", "\u00e9", "\uffff", "\u0000", "A", "{")) {
                assertThat(NameModel.score(sign.repeat(length) + ".com")).isFinite();
            }
        }
    }
}
