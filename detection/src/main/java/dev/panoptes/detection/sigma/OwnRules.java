package dev.panoptes.detection.sigma;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The rules that ship with the program. */
public final class OwnRules {
    private OwnRules() {}

    /** They, as if read from {@code rules/}. */
    public static RuleFiles.Found read() {
        List<RuleText> rules = new ArrayList<>();
        for (String name : text("index").split("\n")) {
            if (!name.isBlank()) {
                rules.add(new RuleText("rules/" + name, text(name)));
            }
        }
        return new RuleFiles.Found(rules, List.of());
    }

    private static String text(String name) {
        try (InputStream in = OwnRules.class.getResourceAsStream("/rules/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without its rule " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
