package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ImagePortsTest {
    @Test
    void everyRowOfTheTableIsWellFormed() throws IOException {
        Set<String> images = new HashSet<>();
        int rows = 0;
        for (String line : table().split("\n")) {
            if (line.startsWith("#")) {
                continue;
            }
            rows++;
            String[] cells = line.split("\t");
            assertThat(cells).as(line).hasSize(6);
            assertThat(images.add(cells[0])).as("twice: %s", cells[0]).isTrue();
            assertThat(BaseImages.name(cells[0])).as("as references name it").isEqualTo(cells[0]);
            List<String> ports = List.of(cells[1].split(" "));
            assertThat(ports).allMatch(port -> port.matches("[1-9][0-9]{1,4}"));
            for (String variable : cells[2].equals("-") ? new String[0] : cells[2].split(" ")) {
                assertThat(variable).matches("[A-Za-z0-9_.]+=([*?+]|[0-9]{2,5})");
                String meaning = variable.substring(variable.indexOf('=') + 1);
                assertThat(meaning.matches("[*?+]") || ports.contains(meaning) || meaning.equals("3001"))
                        .as("%s moves a port of %s", variable, cells[0])
                        .isTrue();
            }
            for (String option : cells[5].equals("-") ? new String[0] : cells[5].split(" ")) {
                assertThat(option).matches("--?[A-Za-z0-9_.-]+=([+]|[0-9]{2,5})");
                String meaning = option.substring(option.lastIndexOf('=') + 1);
                assertThat(meaning.equals("+") || ports.contains(meaning))
                        .as("%s moves a port of %s", option, cells[0])
                        .isTrue();
                assertThat(cells[3])
                        .as("a command of %s is understood", cells[0])
                        .isNotEqualTo("-");
            }
            assertThat(Pattern.compile(cells[3])).isNotNull();
            assertThat(cells[4]).matches("-|[*]|(/[\\w./-]+)( /[\\w./-]+)*");
        }
        assertThat(rows).isGreaterThan(250);
    }

    private static String table() throws IOException {
        try (InputStream in = ImagePorts.class.getResourceAsStream("image-ports.tsv")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
