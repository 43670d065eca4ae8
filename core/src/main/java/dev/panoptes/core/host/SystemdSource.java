package dev.panoptes.core.host;

import dev.panoptes.core.ContentDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the service units of a host with one {@code systemctl show}. A host was booted with systemd where
 * {@code /run/systemd/system} exists (sd_booted(3)).
 */
final class SystemdSource {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MOST_OUTPUT = 16 * 1024 * 1024;
    private static final int LARGEST_UNIT = 1024 * 1024;
    private static final int MOST_NAMES = 2_000;
    private static final List<String> INSTALLED = List.of("/etc/systemd/system", "/run/systemd/system");
    /** systemd.unit(5), "Unit names"; a template is no unit. */
    private static final Pattern SERVICE = Pattern.compile("[\\w:.\\\\-][\\w:.\\\\@-]{0,240}(?<!@)\\.service");

    private final HostFiles files;
    private final Exec exec;

    SystemdSource(HostFiles files, Exec exec) {
        this.files = files;
        this.exec = exec;
    }

    /** @param names units that are wanted whether or not they are in memory; what is no name of a service is left out */
    Units read(Collection<String> names) throws InterruptedException {
        if (!isDirectory("/run/systemd/system")) {
            return new Units.Absent("the host was not booted with systemd");
        }
        if (!files.isLive()) {
            return new Units.Denied("a captured tree does not tell the states of units");
        }
        return ask(names);
    }

    /** The same of a host that was booted with systemd. */
    Units ask(Collection<String> names) throws InterruptedException {
        SequencedSet<String> wanted = new TreeSet<>();
        names.stream()
                .filter(name -> SERVICE.matcher(name).matches())
                .limit(MOST_NAMES)
                .forEach(wanted::add);
        for (String directory : INSTALLED) {
            installed(directory).stream()
                    .filter(name -> SERVICE.matcher(name).matches())
                    .limit(Math.max(0, MOST_NAMES - wanted.size()))
                    .forEach(wanted::add);
        }
        List<String> arguments = new ArrayList<>(List.of(
                "show", "--all", "--no-pager", "--property=" + String.join(",", SystemdShowParser.PROPERTIES), "--"));
        arguments.add("*.service");
        arguments.addAll(wanted);
        return switch (exec.run(Exec.Tool.SYSTEMCTL, arguments, DEADLINE, MOST_OUTPUT)) {
            case Exec.Outcome.Ended(int exitCode, String output, String error) -> seen(exitCode, output, error);
            case Exec.Outcome.NotInstalled unused -> new Units.Denied("there is no systemctl on this host");
            case Exec.Outcome.TimedOut unused ->
                new Units.Denied("systemctl did not answer within " + DEADLINE.toSeconds() + " s");
            case Exec.Outcome.TooMuch unused -> new Units.Denied("systemctl said more than 16 MiB");
            case Exec.Outcome.Broken(String reason) -> new Units.Denied("systemctl failed: " + reason);
        };
    }

    private Units seen(int exitCode, String output, String error) {
        List<HostUnit> units = SystemdShowParser.parse(output);
        if (units.isEmpty()) {
            String said = error.lines().findFirst().orElse("it said nothing");
            return new Units.Denied("systemctl ended with " + exitCode + ": " + said);
        }
        return new Units.Seen(
                units.stream()
                        .map(unit -> unit.withDigest(digest(unit.fragmentPath())))
                        .toList(),
                uptime());
    }

    private @Nullable String digest(String path) {
        if (path.isEmpty()) {
            return null;
        }
        try {
            byte[] bytes = files.read(path, LARGEST_UNIT + 1);
            return bytes.length > LARGEST_UNIT ? null : ContentDigest.sha256(bytes);
        } catch (IOException e) {
            return null;
        }
    }

    /** The first number of {@code /proc/uptime} (proc(5)), seconds with two decimals. */
    private OptionalLong uptime() {
        try {
            String seconds = files.readText("/proc/uptime", 128).strip().split("\\s+", 2)[0];
            return seconds.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")
                    ? OptionalLong.of((long) (Double.parseDouble(seconds) * 1_000_000))
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private List<String> installed(String directory) {
        try {
            return files.list(directory);
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean isDirectory(String path) {
        try {
            return Files.isDirectory(files.locate(path));
        } catch (IOException e) {
            return false;
        }
    }
}
