package dev.panoptes.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Settings settings(String yaml) {
        YamlResult read = new YamlReader().parse(yaml.getBytes(StandardCharsets.UTF_8), "sensors.yaml");
        return Settings.of((YamlNode.Mapping) ((YamlResult.Parsed) read).root(), "");
    }

    @Test
    void timesAreWrittenInEveryUnitUpToDays() {
        Settings settings = settings("{a: 500ms, b: 30s, c: 5m, d: 12h, e: 30d, f: 7}");
        assertThat(settings.duration("a", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.duration("b", Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.duration("c", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.duration("d", Duration.ZERO)).isEqualTo(Duration.ofHours(12));
        assertThat(settings.duration("e", Duration.ZERO)).isEqualTo(Duration.ofDays(30));
        assertThat(settings.duration("f", Duration.ZERO)).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.duration("absent", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.problems()).isEmpty();
    }

    @Test
    void whatIsNoTimeIsToldWithTimesThatAre() {
        Settings settings = settings("{every: 2w}");
        assertThat(settings.duration("every", Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .contains("every")
                .contains("'2w' is no time such as 500ms, 30s, 5m, 12h or 30d");
    }
}
