package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file of HashiCorp's configuration language says (HCL native syntax specification), as far as it says it literally. What
 * variables, functions and templates make is {@link Open}. JSON is read as an expression of the language.
 */
sealed interface Hcl {
    /** From 1. */
    int line();

    /** @param value a text, a number or a truth value as written; {@code ${...}} in it stays as it is written */
    record Text(String value, int line) implements Hcl {
        /** True where something in it is replaced when it is read or run. */
        boolean isOpen() {
            return value.contains("${") || value.contains("%{");
        }
    }

    record Items(List<Hcl> items, int line) implements Hcl {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** An expression that is not followed. */
    record Open(String text, int line) implements Hcl {}

    /**
     * The body of a file or block, or an object.
     *
     * @param attributes in order
     * @param blocks in order; none in an object
     */
    record Body(Map<String, Hcl> attributes, List<Block> blocks, int line) implements Hcl {
        public Body {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
            blocks = List.copyOf(blocks);
        }

        @Nullable
        Hcl get(String name) {
            return attributes.get(name);
        }

        /** Where this attribute stands; the line of the body where it is absent. */
        int line(String name) {
            Hcl value = attributes.get(name);
            return value == null ? line : value.line();
        }

        /** A literal text; null where it is absent or not known. */
        @Nullable
        String text(String name) {
            return attributes.get(name) instanceof Text text && !text.isOpen() ? text.value() : null;
        }

        /** True where it is there, and not literally. */
        boolean isOpen(String name) {
            Hcl value = attributes.get(name);
            return value instanceof Open || (value instanceof Text text && text.isOpen());
        }

        /** The blocks of a type; an object of that name counts as one, a list of objects as several. */
        List<Block> all(String type) {
            List<Block> found = new ArrayList<>();
            for (Block block : blocks) {
                if (block.type().equals(type)) {
                    found.add(block);
                }
            }
            Hcl value = attributes.get(type);
            if (value instanceof Body body) {
                found.add(new Block(type, List.of(), body, body.line()));
            } else if (value instanceof Items items) {
                for (Hcl item : items.items()) {
                    if (item instanceof Body body) {
                        found.add(new Block(type, List.of(), body, body.line()));
                    }
                }
            }
            return found;
        }

        @Nullable
        Body first(String type) {
            List<Block> found = all(type);
            return found.isEmpty() ? null : found.getFirst().body();
        }
    }

    /** @param labels what stands between its type and its body */
    record Block(String type, List<String> labels, Body body, int line) {
        public Block {
            labels = List.copyOf(labels);
        }

        String label() {
            return labels.isEmpty() ? "" : labels.getFirst();
        }
    }
}
