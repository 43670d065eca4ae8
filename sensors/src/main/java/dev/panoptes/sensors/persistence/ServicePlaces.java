package dev.panoptes.sensors.persistence;

import static dev.panoptes.sensors.persistence.FilePlaces.all;
import static dev.panoptes.sensors.persistence.FilePlaces.inHomes;
import static dev.panoptes.sensors.persistence.FilePlaces.lines;
import static dev.panoptes.sensors.persistence.FilePlaces.programs;
import static dev.panoptes.sensors.persistence.FilePlaces.whole;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What other services than the init system run when something happens, and editors when they start. */
final class ServicePlaces {
    private static final Predicate<String> ANY = FilePlaces::isAny;
    private static final Predicate<String> MEANT = FilePlaces::isMeant;
    private static final String ROOT = "root";
    private static final Pattern XINETD_SERVICE = Pattern.compile("service\\s+(\\S+?)\\s*\\{?");
    private static final Pattern XINETD_SERVER = Pattern.compile("server\\s*=\\s*(.*)");
    private static final Pattern XINETD_DISABLE = Pattern.compile("disable\\s*=\\s*yes");
    private static final Pattern XINETD_DISABLED = Pattern.compile("disabled\\s*\\+?=\\s*(.*)");

    private ServicePlaces() {}

    /** Services of xinetd.conf(5): what a block has {@code disable = yes} for, or its defaults name as disabled, is not started. */
    private static void xinetd(Tree tree, Consumer<Entry> found) {
        Set<String> disabled = new HashSet<>();
        for (Tree.Line line : tree.lines("/etc/xinetd.conf")) {
            Matcher names = XINETD_DISABLED.matcher(line.text());
            if (names.matches()) {
                disabled.addAll(List.of(names.group(1).split("\\s+")));
            }
        }
        for (String glob : List.of("/etc/xinetd.conf", "/etc/xinetd.d/*")) {
            for (String path : tree.glob(glob)) {
                if (tree.isFile(path) && MEANT.test(path)) {
                    xinetd(tree, path, disabled, found);
                }
            }
        }
    }

    private static void xinetd(Tree tree, String path, Set<String> disabled, Consumer<Entry> found) {
        List<Entry> block = new ArrayList<>();
        boolean enabled = true;
        for (Tree.Line line : tree.lines(path)) {
            Matcher service = XINETD_SERVICE.matcher(line.text());
            Matcher server = XINETD_SERVER.matcher(line.text());
            if (service.matches() || line.text().equals("}")) {
                tell(block, enabled, found);
                enabled = !service.matches() || !disabled.contains(service.group(1));
            } else if (server.matches()) {
                block.add(Entry.ofLine("inetd_service", line.text(), path, line.number(), line.text())
                        .runs(FilePlaces.unquoted(server.group(1))));
            } else if (XINETD_DISABLE.matcher(line.text()).matches()) {
                enabled = false;
            }
        }
        tell(block, enabled, found);
    }

    private static void tell(List<Entry> block, boolean enabled, Consumer<Entry> found) {
        block.forEach(entry -> found.accept(entry.enabled(enabled)));
        block.clear();
    }

    static List<Place> every() {
        return List.of(
                new Place(
                        "inetd_service",
                        "programs that inetd and xinetd run",
                        List.of("T1543"),
                        all(
                                lines(
                                        "inetd_service",
                                        null,
                                        Pattern.compile(
                                                "^(?<name>\\S+)\\s+(?:stream|dgram|raw|rdm|seqpacket)\\s+\\S+\\s+(?:no)?wait\\S*\\s+\\S+\\s+(?<run>(?!internal\\b).+)$"),
                                        ANY,
                                        "/etc/inetd.conf",
                                        "/etc/inetd.d/*"),
                                ServicePlaces::xinetd)),
                new Place(
                        "supervised_program",
                        "programs that supervisord, runit and daemontools keep running",
                        List.of("T1543"),
                        all(
                                lines(
                                        "supervised_program",
                                        ROOT,
                                        Pattern.compile("^command\\s*=\\s*(?<run>.*)$"),
                                        ANY,
                                        "/etc/supervisord.conf",
                                        "/etc/supervisor/supervisord.conf",
                                        "/etc/supervisor/conf.d/*.conf",
                                        "/etc/supervisord.d/*.ini"),
                                programs(
                                        "supervised_program",
                                        ROOT,
                                        ANY,
                                        "/etc/sv/*/run",
                                        "/etc/service/*/run",
                                        "/var/service/*/run",
                                        "/service/*/run",
                                        "/etc/runit/runsvdir/*/*/run"))),
                new Place(
                        "incron_table",
                        "tables of incron",
                        List.of("T1546"),
                        lines(
                                "incron_table",
                                null,
                                Pattern.compile("^(?<name>\\S+\\s+\\S+)\\s+(?<run>.+)$"),
                                MEANT,
                                "/etc/incron.d/*",
                                "/var/spool/incron/*")),
                new Place(
                        "audit_plugin",
                        "programs that auditd runs",
                        List.of("T1546"),
                        lines(
                                "audit_plugin",
                                ROOT,
                                Pattern.compile("^path\\s*=\\s*(?<run>/.*)$"),
                                ANY,
                                "/etc/audit/plugins.d/*.conf",
                                "/etc/audisp/plugins.d/*.conf")),
                new Place(
                        "kernel_helper",
                        "programs that the kernel runs, by sysctl",
                        List.of("T1546"),
                        lines(
                                "kernel_helper",
                                ROOT,
                                Pattern.compile(
                                        "^-?(?<name>kernel[./](?:core_pattern(?=\\s*=\\s*\\|)|modprobe|hotplug|poweroff_cmd))\\s*=\\s*\\|?(?<run>.*)$"),
                                ANY,
                                "/etc/sysctl.conf",
                                "/etc/sysctl.d/*.conf",
                                "/run/sysctl.d/*.conf",
                                "/usr/local/lib/sysctl.d/*.conf",
                                "/usr/lib/sysctl.d/*.conf")),
                new Place(
                        "link_script",
                        "scripts of pppd and OpenVPN",
                        List.of("T1546"),
                        all(
                                programs(
                                        "link_script",
                                        ROOT,
                                        MEANT,
                                        "/etc/ppp/ip-up.d/*",
                                        "/etc/ppp/ip-down.d/*",
                                        "/etc/ppp/ipv6-up.d/*",
                                        "/etc/ppp/ipv6-down.d/*",
                                        "/etc/ppp/ip-up",
                                        "/etc/ppp/ip-down",
                                        "/etc/ppp/ip-up.local",
                                        "/etc/ppp/ip-down.local"),
                                lines(
                                        "link_script",
                                        ROOT,
                                        Pattern.compile(
                                                "^(?<name>up|down|route-up|route-pre-down|ipchange|client-connect|client-disconnect|learn-address|auth-user-pass-verify|tls-verify|plugin)\\s+(?<run>.*)$"),
                                        ANY,
                                        "/etc/openvpn/*.conf",
                                        "/etc/openvpn/client/*.conf",
                                        "/etc/openvpn/server/*.conf"))),
                new Place(
                        "acpi_action",
                        "what acpid runs",
                        List.of("T1546"),
                        lines(
                                "acpi_action",
                                ROOT,
                                Pattern.compile("^action\\s*=\\s*(?<run>.*)$"),
                                MEANT,
                                "/etc/acpi/events/*")),
                new Place(
                        "editor_config",
                        "start files and plugins of vim, neovim and emacs",
                        List.of("T1546"),
                        all(
                                whole(
                                        "editor_config",
                                        null,
                                        ANY,
                                        "/etc/vim/vimrc.local",
                                        "/etc/emacs/site-start.d/*.el"),
                                inHomes(
                                        "editor_config",
                                        ANY,
                                        ".vimrc",
                                        ".vim/vimrc",
                                        ".vim/plugin/*.vim",
                                        ".vim/after/plugin/*.vim",
                                        ".vim/autoload/*.vim",
                                        ".config/nvim/init.vim",
                                        ".config/nvim/init.lua",
                                        ".config/nvim/plugin/*",
                                        ".emacs",
                                        ".emacs.el",
                                        ".emacs.d/init.el",
                                        ".emacs.d/early-init.el",
                                        ".config/emacs/init.el"))));
    }
}
