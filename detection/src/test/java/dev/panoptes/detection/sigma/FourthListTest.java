package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fourth list by a hand that had read neither rules nor the other lists; docs/detection-quality.md tells the first figures. */
class FourthListTest {
    /** 167 of 207 at the first run. */
    private static final int NAMED = 193;

    private static final Pattern PROCEDURE = Pattern.compile("T\\d.* \\| .*");

    private final RuleSet rules = RuleSet.of(OwnRules.read());

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void noOrdinaryProcessStartIsAccused(int part) throws IOException {
        List<Event> events = ListedProcesses.ordinary("fourth_ordinary_" + part + ".txt");
        assertThat(events).hasSizeGreaterThan(500);
        assertThat(ListedProcesses.accused(rules, events)).isEmpty();
    }

    @Test
    void proceduresAreNamedWithTheirTechnique() throws IOException {
        List<String> unnamed = new ArrayList<>();
        int all = 0;
        for (String line : Files.readAllLines(ListedProcesses.LISTS.resolve("fourth_procedures.txt"))) {
            if (PROCEDURE.matcher(line).matches()) {
                String[] fields = line.split(" \\| ", 4);
                String[] started = fields[3].split("\t", 2);
                Event event = ListedProcesses.started(
                        "p" + all, ListedProcesses.START, "/usr/bin/bash", "bash", fields[2], started[0], started[1]);
                all++;
                if (!named(event, List.of(fields[0].split("[ ,]+")))) {
                    unnamed.add(line);
                }
            }
        }
        assertThat(all).isEqualTo(207);
        assertThat(unnamed).hasSizeLessThanOrEqualTo(all - NAMED);
    }

    private boolean named(Event event, List<String> techniques) {
        List<String> told = new ArrayList<>();
        rules.match(event, number -> told.addAll(rules.rules().get(number).techniques()));
        return told.stream().anyMatch(one -> techniques.stream().anyMatch(other -> ListedProcesses.same(one, other)));
    }
}
