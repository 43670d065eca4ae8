package dev.panoptes.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class YamlDocumentsTest {
    private static YamlDocuments read(String text) {
        return new YamlReader().parseAll(text, "rules.yml");
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

    @Test
    void aTextBeyondTheLimitsIsRefused() {
        YamlReader small = new YamlReader(new YamlReader.Limits(100, 20, 3, 50));
        assertThat(code(small.parseAll("a: " + "x".repeat(45) + "\nb: " + "x".repeat(60), "r")))
                .isEqualTo("too-large");
        assertThat(code(small.parseAll("a: " + "x".repeat(60), "r"))).isEqualTo("too-complex");
        assertThat(code(small.parseAll("a: [1]\n---\nb: [[[1]]]\n", "r"))).isEqualTo("too-complex");
        // The values of all documents count together.
        assertThat(code(small.parseAll("a: 1\n---\n".repeat(8), "r"))).isEqualTo("too-complex");
        assertThat(code(small.parseAll("a: \0", "r"))).isEqualTo("yaml-syntax");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() {
        assertThat(read("\uFEFFa: 1\n"))
                .isInstanceOfSatisfying(
                        YamlDocuments.Parsed.class,
                        parsed -> assertThat(((YamlNode.Mapping) parsed.roots().getFirst()).find("a"))
                                .isPresent());
    }

    @Test
    void aTemplateBesideOtherKeysIsNotPassedOver() {
        assertThat(read("a: {{b: 1}, c: d}\n"))
                .isInstanceOfSatisfying(
                        YamlDocuments.Parsed.class,
                        parsed -> assertThat(parsed.problems())
                                .extracting(Problem::code)
                                .containsExactly("wrong-type"));
    }

    private static String code(YamlDocuments documents) {
        return ((YamlDocuments.Broken) documents).problems().getFirst().code();
    }
}
