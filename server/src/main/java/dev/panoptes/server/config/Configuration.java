package dev.panoptes.server.config;

import dev.panoptes.core.issue.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The effective value of every setting and where it came from. */
public final class Configuration {
    /** The source of a value that nobody set. */
    static final String DEFAULT = "default";

    private final Map<Setting<?>, Effective> values;

    /**
     * @param value parsed
     * @param text as written
     * @param source for people: {@code default}, {@code --listen}, {@code PANOPTES_LISTEN}, {@code panoptes.yaml:3}
     */
    record Effective(Object value, String text, String source) {}

    Configuration(Map<Setting<?>, Effective> values) {
        this.values = Map.copyOf(values);
    }

    /** Of a setting that has a default. */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalArgumentException(setting.key() + " has no default; use find()"));
    }

    @SuppressWarnings("unchecked") // the loader parsed it with the setting's own kind
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable(values.get(setting)).map(effective -> (T) effective.value());
    }

    /** A setting as a person may see it. @param value {@code -} where it has none, {@code ***} for a secret */
    public record Explained(String key, String value, String source, String help) {}

    /** Every setting, its value and its source. */
    public List<Explained> explain() {
        return Settings.ALL.stream().map(this::explain).toList();
    }

    /** A setting that somebody set. @param text as written, with what looks like a password in it masked */
    record Set(Setting<?> setting, String text, String source) {}

    /** In the order of the documentation, without defaults. */
    List<Set> set() {
        List<Set> all = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            Effective effective = values.get(setting);
            if (effective != null && !effective.source().equals(DEFAULT)) {
                all.add(new Set(setting, Masking.mask(effective.text()), effective.source()));
            }
        }
        return List.copyOf(all);
    }

    private Explained explain(Setting<?> setting) {
        Effective effective = values.get(setting);
        if (effective == null) {
            return new Explained(setting.key(), "-", "not set", setting.help());
        }
        String shown = setting.secret() ? "***" : Masking.mask(effective.text());
        return new Explained(setting.key(), shown, effective.source(), setting.help());
    }
}
