package dev.panoptes.core.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class YamlDocumentsTest {
    private static YamlDocuments read(String text) {
        return new YamlReader().parseAll(text.getBytes(UTF_8), "rules.yml");
    }

    @Test
    void everyDocumentWithContentIsReadWithItsPlace() {
        assertThat(read("title: a\n---\n---\ntitle: b\n..."))
                .isInstanceOfSatisfying(YamlDocuments.Parsed.class, parsed -> {
                    assertThat(parsed.roots())
                            .extracting(root -> root.location().line())
                            .containsExactly(1, 4);
                    assertThat(parsed.problems()).isEmpty();
                });
    }

    @Test
    void anAnchorEndsWithItsDocument() {
        assertThat(read("a: &x 1\n---\nb: *x\n"))
                .isInstanceOfSatisfying(
                        YamlDocuments.Parsed.class,
                        parsed -> assertThat(parsed.problems())
                                .extracting(Problem::code)
                                .containsExactly("unknown-anchor"));
    }

    @Test
    void aFaultInALaterDocumentRefusesAll() {
        assertThat(read("a: 1\n---\nb: [\n")).isInstanceOf(YamlDocuments.Broken.class);
    }
}
