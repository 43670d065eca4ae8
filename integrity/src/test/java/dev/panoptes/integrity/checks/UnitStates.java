package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.util.List;

/** Unit states for tests, each an ordinary running service but for what is said. */
final class UnitStates {
    private final String name;
    private String load = "loaded";
    private String active = "active";
    private String sub = "running";
    private String enabled = "enabled";
    private String type = "simple";
    private int restarts;
    private Long activeSeconds = 100_000L;
    private String digest = "d".repeat(64);
    private List<String> triggeredBy = List.of();
    private List<String> wantedBy = List.of("multi-user.target");
    private String directory = "";
    private List<String> execStart = List.of();
    private List<String> dropIns = List.of();
    private boolean reload;
    private String failure = "exit-code";
    private List<String> aliases = List.of();

    private UnitStates(String name) {
        this.name = name;
    }

    static UnitStates unit(String name) {
        return new UnitStates(name);
    }

    UnitStates state(String activeState, String subState) {
        active = activeState;
        sub = subState;
        return this;
    }

    UnitStates enabled(String unitFileState) {
        enabled = unitFileState;
        wantedBy = List.of();
        return this;
    }

    UnitStates wantedBy(String unit) {
        wantedBy = List.of(unit);
        return this;
    }

    UnitStates notFound() {
        load = "not-found";
        enabled = "";
        return state("inactive", "dead");
    }

    UnitStates masked() {
        load = "masked";
        return enabled("masked").state("inactive", "dead");
    }

    UnitStates restarts(int count, Long secondsActive) {
        restarts = count;
        activeSeconds = secondsActive;
        return this;
    }

    UnitStates type(String value) {
        type = value;
        return this;
    }

    UnitStates triggeredBy(String unit) {
        triggeredBy = List.of(unit);
        return this;
    }

    UnitStates in(String workingDirectory) {
        directory = workingDirectory;
        return this;
    }

    UnitStates digest(String value) {
        digest = value;
        return this;
    }

    UnitStates starts(String command) {
        execStart = List.of(command);
        return this;
    }

    UnitStates dropIn(String path) {
        dropIns = List.of(path);
        return this;
    }

    UnitStates needsReload() {
        reload = true;
        return this;
    }

    /** Why it failed, where it did. */
    UnitStates because(String result) {
        failure = result;
        return this;
    }

    UnitStates alias(String value) {
        aliases = List.of(value);
        return this;
    }

    UnitStates directory(String value) {
        directory = value;
        return this;
    }

    UnitState build() {
        return new UnitState(
                name,
                load,
                active,
                sub,
                enabled,
                restarts,
                active.equals("active") ? 812 : 0,
                load.equals("not-found") ? "" : "/etc/systemd/system/" + name,
                digest,
                active.equals("failed") ? failure : "success",
                aliases,
                type,
                activeSeconds,
                triggeredBy,
                wantedBy,
                directory,
                new Effective(execStart, dropIns, reload));
    }
}
