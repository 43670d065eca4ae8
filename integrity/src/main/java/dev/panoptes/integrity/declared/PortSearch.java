package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.integrity.declared.NamedPlaces.Kind;
import dev.panoptes.integrity.declared.NamedPlaces.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Searches texts for {@code host:port}, and for a port beside its host, where the host is this machine or a name of the fleet. Knows no
 * format: what a key means, a reader of its own has to say. Bounded in files, bytes and places; for one thread.
 */
final class PortSearch {
    private static final int LARGEST = 256 * 1024;
    private static final int LARGEST_SETTING = 64 * 1024;
    private static final int MOST_FILES = 3_000;
    private static final int MOST_SOURCES = 300;
    private static final int MOST_SOURCE_BYTES = 1 << 20;
    private static final long MOST_BYTES = 32L << 20;
    private static final int MOST_PLACES = 2_000;
    private static final int MOST_LOOKS = 20_000;

    /** The registry's addresses are judged by checks of their own. */
    private static final Pattern REGISTRY = Pattern.compile("(?m)^[\"']?agents[\"']?:");

    private final ScannedTree tree;
    private final Predicate<String> called;
    private final GivenVariables given;
    private final JudgedPorts judged;
    private final ContainerFiles containers;
    private final List<Place> found = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private int filesLeft = MOST_FILES;
    private int sourcesLeft = MOST_SOURCES;
    private int sourceBytesLeft = MOST_SOURCE_BYTES;
    private long bytesLeft = MOST_BYTES;
    private int looksLeft = MOST_LOOKS;
    private boolean complete = true;

    /**
     * @param called true for a name of the fleet, in lower case
     * @param given variables that are set somewhere, so that a program's own default of them counts no longer
     * @param judged what is left to those who know the format
     */
    PortSearch(
            ScannedTree tree,
            Predicate<String> called,
            GivenVariables given,
            JudgedPorts judged,
            ContainerFiles containers) {
        this.tree = tree;
        this.called = called;
        this.given = given;
        this.judged = judged;
        this.containers = containers;
    }

    NamedPlaces places() {
        return new NamedPlaces(found, complete);
    }

    void search(List<DeclarationFiles.Found> files, Kind kind) throws InterruptedException {
        for (DeclarationFiles.Found file : files) {
            search(file.rootPath(), file.targetPath(), kind);
        }
    }

    /** Programs and what stands beside them: as many as there is room for, for nobody promises that a text names something. */
    void sources(List<DeclarationFiles.Found> files, @Nullable String agentsPath) throws InterruptedException {
        String below = agentsPath == null || agentsPath.isEmpty() ? null : agentsPath + "/";
        for (DeclarationFiles.Found file : files) {
            if (below == null || !file.rootPath().startsWith(below)) {
                source(file.rootPath());
            }
        }
    }

    void source(String file) throws InterruptedException {
        if (sourcesLeft > 0 && sourceBytesLeft > 0) {
            sourcesLeft--;
            long before = bytesLeft;
            search(file, file, Kind.SOURCE);
            sourceBytesLeft -= (int) (before - bytesLeft);
        }
    }

    void search(String file, String target, Kind kind) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while searching for ports that are named");
        }
        if (filesLeft <= 0 || bytesLeft <= 0 || found.size() >= MOST_PLACES) {
            complete = false;
            return;
        }
        filesLeft--;
        String text = tree.text(target, kind == Kind.SETTING ? LARGEST_SETTING : LARGEST);
        if (text != null && !(text.contains("agents") && REGISTRY.matcher(text).find())) {
            bytesLeft -= text.length();
            new PortText(this, file, text, kind).places();
        }
    }

    /** True for a name of the fleet, in lower case. */
    Predicate<String> called() {
        return called;
    }

    GivenVariables given() {
        return given;
    }

    JudgedPorts judged() {
        return judged;
    }

    ContainerFiles containers() {
        return containers;
    }

    /** False when so many places were looked at that no further one is. */
    boolean mayLook() {
        complete &= looksLeft > 0;
        return looksLeft-- > 0;
    }

    /** Each host and port counts once for every file; the loopback that a variable of compose names is another for each service. */
    void add(Place place) {
        boolean own = place.kind() == Kind.COMPOSE && place.isLocal();
        if (known.add(
                place.file() + "\0" + place.host() + "\0" + place.port() + "\0" + (own ? place.variable() : ""))) {
            if (found.size() < MOST_PLACES) {
                found.add(place);
            } else {
                complete = false;
            }
        }
    }
}
