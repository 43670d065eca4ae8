package dev.panoptes.integrity.declared;

import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit file with its drop-ins as parsed, before paths of the deployed machine and environment files are known.
 *
 * @param name the unit's name; for a link to a template the instance's
 * @param trigger the timer, socket or path unit that starts it; null where none does
 */
record ParsedUnit(
        String rootPath,
        String name,
        List<String> aliases,
        UnitSettings settings,
        String digest,
        List<String> dropIns,
        @Nullable String trigger) {
    private static final String SERVICE = "Service";
    /** What names other units, and whether the unit does not start without them; in the order in which they are told. */
    private static final SequencedMap<String, Boolean> NEEDS = needs();

    private static SequencedMap<String, Boolean> needs() {
        SequencedMap<String, Boolean> needs = new LinkedHashMap<>();
        List.of("Requires", "BindsTo", "Requisite").forEach(key -> needs.put(key, true));
        List.of("After", "Wants", "PartOf", "Before", "Upholds").forEach(key -> needs.put(key, false));
        return Collections.unmodifiableSequencedMap(needs);
    }

    ParsedUnit {
        aliases = List.copyOf(aliases);
        dropIns = List.copyOf(dropIns);
    }

    /** Specifiers replaced; a leading {@code -} left out. */
    Optional<Setting> workingDirectory() {
        return settings.last(SERVICE, "WorkingDirectory").map(setting -> with(setting, withoutDash(setting.value())));
    }

    /** The last ExecStart, specifiers replaced. */
    Optional<Setting> execStart() {
        return settings.list(SERVICE, "ExecStart").stream()
                .reduce((first, second) -> second)
                .map(setting -> with(setting, setting.value()));
    }

    /** Every ExecStart that is not reset, as written. */
    List<Setting> execStarts() {
        return settings.list(SERVICE, "ExecStart");
    }

    /** Every {@code Environment=} that is not reset, as written. */
    List<Setting> environmentSettings() {
        return settings.list(SERVICE, "Environment");
    }

    /** The {@code Type=}; empty where it is not said. */
    String type() {
        return settings.last(SERVICE, "Type").map(Setting::value).orElse("");
    }

    /** The values of {@code Environment=}, specifiers replaced. */
    List<String> environment() {
        return settings.list(SERVICE, "Environment").stream()
                .map(setting -> UnitWords.specifiers(setting.value(), name))
                .toList();
    }

    /** Variables that {@code UnsetEnvironment=} removes; one with a value only where it has that value. */
    List<String> unsetEnvironment() {
        return settings.list(SERVICE, "UnsetEnvironment").stream()
                .flatMap(setting -> UnitWords.split(setting.value()).stream())
                .toList();
    }

    /** Paths of environment files, specifiers replaced; those that may be absent begin with {@code -}. */
    List<String> environmentFiles() {
        return settings.list(SERVICE, "EnvironmentFile").stream()
                .map(setting -> UnitWords.specifiers(setting.value(), name))
                .toList();
    }

    /** The environment files and units that it names. */
    UnitFile.References references() {
        List<UnitFile.EnvironmentFile> files = new ArrayList<>();
        for (Setting setting : settings.list(SERVICE, "EnvironmentFile")) {
            String path = UnitWords.specifiers(setting.value(), name);
            String plain = withoutDash(path);
            if (plain.indexOf('*') < 0 && plain.indexOf('?') < 0 && plain.indexOf('[') < 0) {
                files.add(new UnitFile.EnvironmentFile(plain, path.startsWith("-"), line(setting)));
            }
        }
        List<UnitFile.Need> needs = new ArrayList<>();
        NEEDS.forEach((key, hard) -> {
            for (Setting setting : settings.list("Unit", key)) {
                for (String unit : UnitWords.split(UnitWords.specifiers(setting.value(), name))) {
                    needs.add(new UnitFile.Need(unit, hard, line(setting)));
                }
            }
        });
        return new UnitFile.References(files, needs);
    }

    private static UnitFile.Line line(Setting setting) {
        return new UnitFile.Line(setting.file(), setting.line(), setting.key() + "=" + setting.value());
    }

    boolean job() {
        boolean oneshot = settings.last(SERVICE, "Type")
                .filter(setting -> setting.value().equals("oneshot"))
                .isPresent();
        boolean remains = settings.last(SERVICE, "RemainAfterExit")
                .filter(setting -> isTrue(setting.value()))
                .isPresent();
        return oneshot && !remains;
    }

    /** How systemd writes yes (systemd.syntax(7), "Boolean arguments"). */
    static boolean isTrue(String value) {
        return List.of("yes", "true", "on", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    /** The units of {@code Conflicts=}, specifiers replaced. */
    List<String> conflicts() {
        return settings.list("Unit", "Conflicts").stream()
                .flatMap(setting -> UnitWords.split(UnitWords.specifiers(setting.value(), name)).stream())
                .toList();
    }

    boolean workingDirectoryOptional() {
        return settings.last(SERVICE, "WorkingDirectory")
                .filter(setting -> setting.value().startsWith("-"))
                .isPresent();
    }

    boolean installable() {
        return List.of("WantedBy", "RequiredBy", "UpheldBy", "Alias", "Also").stream()
                .anyMatch(key -> !settings.list("Install", key).isEmpty());
    }

    /** The names of {@code Alias=} and of links to the file. */
    List<String> allAliases() {
        List<String> all = new ArrayList<>(aliases);
        settings.list("Install", "Alias").forEach(setting -> all.addAll(UnitWords.split(setting.value())));
        return all;
    }

    private Setting with(Setting setting, String value) {
        return new Setting(
                setting.section(), setting.key(), UnitWords.specifiers(value, name), setting.file(), setting.line());
    }

    static String withoutDash(String value) {
        return value.startsWith("-") ? value.substring(1).strip() : value;
    }
}
