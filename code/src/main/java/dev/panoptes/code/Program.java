package dev.panoptes.code;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * A source file that serves: it can be run and binds, or it defines an application that a server loads. What it takes from
 * other modules of its directory (constants, a {@code main} imported from elsewhere) has been followed.
 *
 * @param path below its code directory
 * @param rootPath below the scan's root
 * @param runnable true where running the file itself starts something (main guard, top-level start, {@code package main})
 * @param definesApp true where it creates an application object that a server such as uvicorn can load
 * @param binds what it binds when run by itself
 * @param names what its health endpoint reports, most authoritative first; empty where it reports none
 * @param nameUnknown why the name that its health endpoint reports could not be told (one sentence, for example
 *     {@code main.py:12 returns settings.name, which comes from the environment}); null where {@code names} is all there is
 */
public record Program(
        String path,
        String rootPath,
        Language language,
        boolean runnable,
        boolean definesApp,
        List<Bind> binds,
        List<ReportedName> names,
        @Nullable String nameUnknown) {
    public Program {
        binds = List.copyOf(binds);
        names = List.copyOf(names);
    }

    /** The known ports it binds, without repetition, in order of appearance. */
    public SequencedSet<Integer> ports() {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        for (Bind bind : binds) {
            if (bind.port() instanceof PortValue.Known known) {
                ports.add(known.port());
            }
        }
        return ports;
    }

    /** True where it sits directly in its code directory, not in a folder below. */
    public boolean direct() {
        return path.indexOf('/') < 0;
    }
}
