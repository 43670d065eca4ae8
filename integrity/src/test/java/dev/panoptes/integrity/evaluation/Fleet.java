package dev.panoptes.integrity.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A generated fleet as its author means it. The {@link FleetWriter} writes it down, the {@link Truth} says what is wrong with
 * it; neither looks at the product.
 */
final class Fleet {
    String agentsPath = "agents";
    String unitsPath = "units";
    String deployedAt = "/opt/fleet";
    final List<Agent> agents = new ArrayList<>();
    final List<Dir> dirs = new ArrayList<>();
    final List<Unit> units = new ArrayList<>();
    final List<Compose> composeFiles = new ArrayList<>();
    /** Further files below the root, path to text. */
    final Map<String, String> extraFiles = new TreeMap<>();
    /** Other machines, with their addresses. */
    final Map<String, String> hosts = new TreeMap<>();

    final List<Chain> chains = new ArrayList<>();
    final List<String> intentAgents = new ArrayList<>();
    final List<String> intentChains = new ArrayList<>();

    Dir dir(String name) {
        return dirs.stream().filter(dir -> dir.name.equals(name)).findFirst().orElseThrow();
    }

    /** An agent of the registry. Null port: no URL. */
    static final class Agent {
        String key;
        String name;
        Integer port;
        /** Instead of the one made from host and port. */
        String url;

        String path;
        String exe;
        String unit;
        boolean core;
        /** Null: the scanned one. */
        String host;

        final List<Action> actions = new ArrayList<>();

        Agent(String key, String name, Integer port) {
            this.key = key;
            this.name = name;
            this.port = port;
        }
    }

    /** Null endpoint or method: left out. */
    record Action(String name, String endpoint, String method) {}

    record Chain(String name, List<Step> steps) {}

    /** Null agent or chain: left out. */
    record Step(String id, String agent, String action, String chain) {}

    /** A child of the agents path. */
    static final class Dir {
        final String name;
        /** Path below the directory to content. */
        final Map<String, String> files = new TreeMap<>();

        final List<Program> programs = new ArrayList<>();
        Docker docker;
        /** Directories made from one template have nearly equal code. */
        String template;

        Dir(String name) {
            this.name = name;
        }

        /** The one that runs as the agent, always first; null where there is none. */
        Program entry() {
            return programs.isEmpty() ? null : programs.getFirst();
        }
    }

    /**
     * A program by its own code.
     *
     * @param file below its directory
     * @param ports bound when the file is run by itself
     * @param variable the environment variable whose default the port is; null for none
     * @param reports null where it has no health endpoint
     */
    record Program(
            String file, boolean runnable, List<Integer> ports, String variable, String reports, boolean definesApp) {
        boolean direct() {
            return file.indexOf('/') < 0;
        }

        String fileName() {
            return file.substring(file.lastIndexOf('/') + 1);
        }
    }

    /**
     * A Dockerfile directly in a directory.
     *
     * @param expose null for none
     * @param port passed to the module on the command line; null where the module decides
     * @param module below the directory; null where CMD names none
     * @param sets the variable PORT by ENV; null for not
     * @param copies WORKDIR and COPY
     */
    record Docker(
            Integer expose,
            Integer port,
            String command,
            String module,
            boolean moduleThere,
            Integer sets,
            String copies) {
        static final String ALL = "WORKDIR /app\nCOPY . .\n";
    }

    /**
     * @param path below the root
     * @param directory name of the child of the agents path it works in, there or not
     * @param command ExecStart
     * @param module below the working directory; null where the command names none of the tree
     * @param port on the command line; null where the module decides
     * @param sets {@code Environment=PORT=...}; null for not
     */
    record Unit(
            String path,
            String directory,
            boolean directoryThere,
            String command,
            String module,
            boolean moduleThere,
            Integer port,
            Integer sets) {
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    record Compose(String path, List<Service> services) {}

    /** A compose service. */
    static final class Service {
        final String name;
        final List<Published> ports = new ArrayList<>();
        final Map<String, String> environment = new LinkedHashMap<>();
        String profile;
        boolean hostNetwork;
        /** The directory it is built from; null for an image. */
        String builds;

        boolean contextThere = true;
        boolean dockerfileThere = true;
        String image;
        String command;
        Integer commandPort;
        /** Built from the root of the tree, with the directory's Dockerfile. */
        boolean fromRoot;

        Integer health;

        Service(String name) {
            this.name = name;
        }
    }

    /** @param text as written in the file; null where an earlier one is a range that holds this one */
    record Published(String address, int host, int container, String protocol, String text) {}
}
