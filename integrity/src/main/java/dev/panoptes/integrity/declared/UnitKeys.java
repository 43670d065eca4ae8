package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What systemd reads in a unit file, by section, and what was meant by what it does not: it ignores an unknown section or setting
 * with a warning in the journal (systemd.syntax(7)).
 */
final class UnitKeys {
    private static final String TABLE = "unit-keys.tsv";
    /** Sections of every unit. */
    private static final List<String> COMMON = List.of("Unit", "Install");
    /** From here on two letters may be wrong, below it one; of very short words none. */
    private static final int LONG = 9;

    private static final int SHORT = 4;
    private static final int MOST = 50;

    private final Map<String, Set<String>> sections;

    private UnitKeys(Map<String, Set<String>> sections) {
        this.sections = Map.copyOf(sections);
    }

    /** Reads the table that comes with the program. */
    static UnitKeys read() {
        try (InputStream in = UnitKeys.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is not part of the program");
            }
            Map<String, Set<String>> sections = new HashMap<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] cells = line.split("\t");
                if (cells.length == 2 && !line.startsWith("#")) {
                    sections.put(cells[0], Set.of(cells[1].strip().split(" ")));
                }
            }
            return new UnitKeys(sections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What systemd ignores in this file although it is plain what was meant.
     *
     * @param kind the suffix of the unit, such as {@code service}
     */
    List<UnitCatalog.Ignored> ignored(String kind, UnitSettings.Text text) {
        String own = kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
        List<String> read = new ArrayList<>(COMMON);
        if (sections.containsKey(own)) {
            read.add(own);
        }
        boolean ofSystemd = text.headers().stream()
                .anyMatch(header -> read.contains(header.name()) || near(header.name(), read) != null);
        List<UnitCatalog.Ignored> ignored = new ArrayList<>();
        if (!ofSystemd) {
            return ignored;
        }
        for (UnitSettings.Header header : text.headers()) {
            String meant = section(header.name(), read);
            if (meant != null && ignored.size() < MOST) {
                ignored.add(new UnitCatalog.Ignored(text.file(), header.line(), "[" + header.name() + "]", meant));
            }
        }
        for (UnitSettings.Setting setting : text.settings().settings()) {
            String meant = read.contains(setting.section()) ? key(setting, read) : null;
            if (meant != null && ignored.size() < MOST) {
                ignored.add(new UnitCatalog.Ignored(
                        setting.file(), setting.line(), setting.key() + "= in [" + setting.section() + "]", meant));
            }
        }
        return ignored;
    }

    /** Null where the section is read, or is nobody's. */
    private @Nullable String section(String name, List<String> read) {
        if (read.contains(name) || name.startsWith("X-")) {
            return null;
        }
        String near = near(name, read);
        return near != null
                ? "[" + near + "]"
                : sections.containsKey(name) ? "a ." + name.toLowerCase(Locale.ROOT) + " unit of its own" : null;
    }

    private @Nullable String key(UnitSettings.Setting setting, List<String> read) {
        String key = setting.key();
        Set<String> known = sections.getOrDefault(setting.section(), Set.of());
        if (known.contains(key) || key.startsWith("X-") || !key.matches("[A-Za-z_-]+")) {
            return null;
        }
        for (String section : read) {
            if (sections.getOrDefault(section, Set.of()).contains(key)) {
                return key + "= in [" + section + "]";
            }
        }
        String near = near(key, known);
        if (near != null) {
            return near + "=";
        }
        for (String section : read) {
            String other = near(key, sections.getOrDefault(section, Set.of()));
            if (other != null) {
                return other + "= in [" + section + "]";
            }
        }
        return null;
    }

    /** The one of these that nearly is the word; null where none is, or two are as near. */
    private static @Nullable String near(String word, Iterable<String> known) {
        String plain = plain(word);
        String best = null;
        int nearest = Integer.MAX_VALUE;
        boolean several = false;
        for (String each : known) {
            int allowed = each.length() >= LONG ? 2 : each.length() > SHORT ? 1 : 0;
            if (Math.abs(each.length() - word.length()) > allowed + 1) {
                continue;
            }
            int distance = Keys.distance(plain, plain(each));
            if (distance <= allowed && distance <= nearest) {
                several = distance == nearest;
                nearest = distance;
                best = each;
            }
        }
        return several && nearest > 0 ? null : best;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
