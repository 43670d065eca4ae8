package dev.panoptes.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of docs/configuration.md is that of {@link Settings}; `make golden` writes it. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- settings: make golden writes what follows -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @Test
    void thePageHasEverySettingAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(begin).isGreaterThan(BEGIN.length());
        assertThat(end).isGreaterThanOrEqualTo(begin);
        String expected = page.substring(0, begin) + table() + page.substring(end);
        if (Boolean.getBoolean("panoptes.golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(page).isEqualTo(expected);
    }

    private static String table() {
        return Settings.ALL.stream()
                .map(ConfigurationPageTest::row)
                .collect(Collectors.joining("", "| setting | default | value | meaning |\n|---|---|---|---|\n", ""));
    }

    private static String row(Setting<?> setting) {
        String original = setting.original().isEmpty()
                ? ""
                : "; also "
                        + setting.original().stream()
                                .map(ConfigurationPageTest::code)
                                .collect(Collectors.joining(", "));
        String otherwise = setting.otherwise() == null ? "" : code(setting.otherwise());
        String secret = setting.secret() ? " Secret." : "";
        return String.join(
                        " | ",
                        List.of(
                                "| " + code(setting.key()) + original,
                                otherwise,
                                cell(setting.kind().words()),
                                cell(setting.help()) + "." + secret + " |"))
                + "\n";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
