package dev.panoptes.core.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service unit as {@code systemctl show} tells it (org.freedesktop.systemd1(5)).
 *
 * @param name {@code Id}
 * @param names all its names, this one too
 * @param loadState {@code loaded}, {@code not-found}, {@code masked} ...
 * @param unitFileState {@code enabled}, {@code disabled}, {@code static} ...; empty where unknown
 * @param type {@code simple}, {@code oneshot} ...; empty where unknown
 * @param restarts automatic restarts since it was last started by somebody; 0 where systemd does not count
 * @param mainPid 0 where it has none
 * @param activeMicros when it last became active, in microseconds of the monotonic clock; 0 for never
 * @param result why it ended last: {@code success}, {@code exit-code} ...
 * @param triggeredBy timers, sockets and paths that start it
 * @param wantedBy units that want or require it
 * @param fragmentPath the installed file; empty where none
 * @param execStart the command lines that it starts, drop-ins applied; empty where none or not told
 * @param dropIns paths of the drop-ins that apply to it
 * @param needsReload true where its files have changed since systemd read them
 * @param fragmentDigest SHA-256 of the installed file; null where it could not be read
 */
public record HostUnit(
        String name,
        List<String> names,
        String loadState,
        String activeState,
        String subState,
        String unitFileState,
        String type,
        int restarts,
        int mainPid,
        long activeMicros,
        String result,
        List<String> triggeredBy,
        List<String> wantedBy,
        String workingDirectory,
        String fragmentPath,
        List<String> execStart,
        List<String> dropIns,
        boolean needsReload,
        @Nullable String fragmentDigest) {
    public HostUnit {
        names = List.copyOf(names);
        triggeredBy = List.copyOf(triggeredBy);
        wantedBy = List.copyOf(wantedBy);
        execStart = List.copyOf(execStart);
        dropIns = List.copyOf(dropIns);
    }

    HostUnit withDigest(@Nullable String digest) {
        return new HostUnit(
                name,
                names,
                loadState,
                activeState,
                subState,
                unitFileState,
                type,
                restarts,
                mainPid,
                activeMicros,
                result,
                triggeredBy,
                wantedBy,
                workingDirectory,
                fragmentPath,
                execStart,
                dropIns,
                needsReload,
                digest);
    }
}
