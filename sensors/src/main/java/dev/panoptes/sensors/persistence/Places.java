package dev.panoptes.sensors.persistence;

import static dev.panoptes.sensors.persistence.FilePlaces.all;
import static dev.panoptes.sensors.persistence.FilePlaces.inHomes;
import static dev.panoptes.sensors.persistence.FilePlaces.lines;
import static dev.panoptes.sensors.persistence.FilePlaces.programs;
import static dev.panoptes.sensors.persistence.FilePlaces.whole;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every place that is looked at, one line for each kind. The kinds are a contract: docs/events.md lists them. */
final class Places {
    private static final Predicate<String> ANY = FilePlaces::isAny;
    private static final Predicate<String> MEANT = FilePlaces::isMeant;
    private static final Predicate<String> RUN_PART = FilePlaces::isRunPart;
    private static final Pattern LINE = Pattern.compile("^(?<run>.+)$");
    private static final String ROOT = "root";

    private Places() {}

    static List<Place> every() {
        return Stream.concat(system().stream(), ServicePlaces.every().stream()).toList();
    }

    private static List<Place> system() {
        PrivilegedFiles privileged = new PrivilegedFiles();
        return List.of(
                new Place(
                        "cron_system",
                        "/etc/crontab",
                        List.of("T1053.003"),
                        CronPlaces.system("cron_system", "/etc/crontab", false)),
                new Place(
                        "cron_d",
                        "/etc/cron.d",
                        List.of("T1053.003"),
                        CronPlaces.system("cron_d", "/etc/cron.d/*", true)),
                new Place(
                        "cron_user",
                        "tables of users in /var/spool/cron",
                        List.of("T1053.003"),
                        CronPlaces.users(
                                "cron_user",
                                "/var/spool/cron/crontabs",
                                "/var/spool/cron",
                                "/var/cron/tabs",
                                "/etc/crontabs")),
                new Place(
                        "cron_periodic",
                        "/etc/cron.hourly, daily, weekly, monthly, yearly",
                        List.of("T1053.003"),
                        programs(
                                "cron_periodic",
                                ROOT,
                                RUN_PART,
                                "/etc/cron.hourly/*",
                                "/etc/cron.daily/*",
                                "/etc/cron.weekly/*",
                                "/etc/cron.monthly/*",
                                "/etc/cron.yearly/*",
                                "/etc/periodic/*/*")),
                new Place("anacron", "/etc/anacrontab", List.of("T1053.003"), CronPlaces::anacron),
                new Place("at_job", "jobs of at in /var/spool", List.of("T1053.002"), CronPlaces::at),
                new Place(
                        "systemd_service",
                        "services in every search path, of the system and of users",
                        List.of("T1543.002"),
                        SystemdPlaces.units("service")),
                new Place("systemd_timer", "timers there", List.of("T1053.006"), SystemdPlaces.units("timer")),
                new Place("systemd_socket", "sockets there", List.of("T1543.002"), SystemdPlaces.units("socket")),
                new Place("systemd_path", "paths there", List.of("T1543.002"), SystemdPlaces.units("path")),
                new Place(
                        "systemd_drop_in",
                        "drop-ins and overrides of units",
                        List.of("T1543.002"),
                        SystemdPlaces::dropIns),
                new Place(
                        "systemd_generator",
                        "generators, and what runs at shutdown and sleep",
                        List.of("T1543.002"),
                        programs("systemd_generator", ROOT, MEANT, generators())),
                new Place("init_script", "/etc/init.d and runlevels", List.of("T1037.004"), SystemPlaces::initScripts),
                new Place(
                        "rc_local",
                        "/etc/rc.local",
                        List.of("T1037.004"),
                        programs(
                                "rc_local",
                                ROOT,
                                ANY,
                                "/etc/rc.local",
                                "/etc/rc.d/rc.local",
                                "/etc/boot.local",
                                "/etc/init.d/boot.local",
                                "/etc/local.d/*.start")),
                new Place("inittab", "/etc/inittab", List.of("T1037"), SystemPlaces::inittab),
                new Place(
                        "shell_profile",
                        "start files of all shells, in /etc and homes",
                        List.of("T1546.004"),
                        shells()),
                new Place(
                        "ssh_authorized_key",
                        "authorized_keys, one for each key",
                        List.of("T1098.004"),
                        HomePlaces::authorizedKeys),
                new Place(
                        "ssh_rc",
                        "/etc/ssh/sshrc and ~/.ssh/rc",
                        List.of("T1546.004"),
                        all(whole("ssh_rc", null, ANY, "/etc/ssh/sshrc"), inHomes("ssh_rc", ANY, ".ssh/rc"))),
                new Place("ssh_config", "commands and includes of ssh_config", List.of("T1546"), HomePlaces::sshConfig),
                new Place(
                        "sshd_config",
                        "commands, key files and doors of sshd_config",
                        List.of("T1098.004", "T1556"),
                        HomePlaces::sshdConfig),
                new Place("sudoers", "/etc/sudoers and sudoers.d", List.of("T1548.003"), SystemPlaces::sudoers),
                new Place(
                        "doas",
                        "doas.conf",
                        List.of("T1548.003"),
                        lines(
                                "doas",
                                null,
                                Pattern.compile("^(?<run>permit.*)$"),
                                ANY,
                                "/etc/doas.conf",
                                "/etc/doas.d/*.conf",
                                "/usr/local/etc/doas.conf")),
                new Place(
                        "sudo_plugin",
                        "plugins and helpers of sudo.conf",
                        List.of("T1548.003", "T1556"),
                        lines(
                                "sudo_plugin",
                                ROOT,
                                Pattern.compile("^(?<name>Plugin\\s+\\S+|Path\\s+\\S+)\\s+(?<run>\\S.*)$"),
                                ANY,
                                "/etc/sudo.conf")),
                new Place(
                        "nss_module",
                        "modules that look up users and hosts, and where nsswitch.conf names them",
                        List.of("T1556"),
                        all(
                                lines(
                                        "nss_module",
                                        null,
                                        Pattern.compile("^(?<name>[a-z_]+)\\s*:\\s*(?<run>\\S.*)$"),
                                        ANY,
                                        "/etc/nsswitch.conf"),
                                whole(
                                        "nss_module",
                                        null,
                                        ANY,
                                        "/usr/lib/libnss_*.so.2",
                                        "/usr/lib64/libnss_*.so.2",
                                        "/usr/lib/*/libnss_*.so.2",
                                        "/usr/local/lib/libnss_*.so.2",
                                        "/lib/libnss_*.so.2",
                                        "/lib64/libnss_*.so.2",
                                        "/lib/*/libnss_*.so.2"))),
                new Place("pam_stack", "/etc/pam.d", List.of("T1556.003"), SystemPlaces::pamStacks),
                new Place(
                        "pam_module",
                        "modules of PAM",
                        List.of("T1556.003"),
                        whole(
                                "pam_module",
                                ROOT,
                                path -> path.endsWith(".so"),
                                "/usr/lib/security/*",
                                "/usr/lib64/security/*",
                                "/usr/lib/*/security/*",
                                "/usr/local/lib/security/*",
                                "/lib/security/*",
                                "/lib64/security/*",
                                "/lib/*/security/*")),
                new Place(
                        "ld_preload",
                        "/etc/ld.so.preload",
                        List.of("T1574.006"),
                        lines("ld_preload", null, LINE, ANY, "/etc/ld.so.preload")),
                new Place(
                        "ld_config",
                        "/etc/ld.so.conf and ld.so.conf.d",
                        List.of("T1574.006"),
                        lines("ld_config", null, LINE, ANY, "/etc/ld.so.conf", "/etc/ld.so.conf.d/*.conf")),
                new Place(
                        "udev_rule",
                        "rules of udev that run programs",
                        List.of("T1546.017"),
                        lines(
                                "udev_rule",
                                ROOT,
                                Pattern.compile(
                                        "(?:RUN(?:\\{program})?\\s*\\+?:?=|PROGRAM\\s*[=!]*=|IMPORT\\{program}\\s*=+|ENV\\{SYSTEMD_WANTS}\\s*\\+?=)\\s*e?\"(?<run>[^\"]*)\""),
                                path -> path.endsWith(".rules"),
                                "/etc/udev/rules.d/*",
                                "/run/udev/rules.d/*",
                                "/usr/lib/udev/rules.d/*",
                                "/usr/local/lib/udev/rules.d/*",
                                "/lib/udev/rules.d/*")),
                new Place(
                        "motd",
                        "/etc/update-motd.d",
                        List.of("T1546"),
                        programs("motd", ROOT, RUN_PART, "/etc/update-motd.d/*", "/usr/lib/update-motd.d/*")),
                new Place(
                        "xdg_autostart",
                        "autostart of desktops",
                        List.of("T1547.013"),
                        SystemPlaces.desktops(
                                "xdg_autostart",
                                List.of(
                                        "/etc/xdg/autostart/*.desktop",
                                        "/usr/share/autostart/*.desktop",
                                        "/usr/share/gnome/autostart/*.desktop"),
                                List.of(
                                        ".config/autostart/*.desktop",
                                        ".config/autostart-scripts/*.desktop",
                                        ".kde/Autostart/*.desktop"))),
                new Place(
                        "desktop_file",
                        "applications of desktops",
                        List.of("T1547.013"),
                        SystemPlaces.desktops(
                                "desktop_file",
                                List.of("/usr/share/applications/*.desktop", "/usr/local/share/applications/*.desktop"),
                                List.of(".local/share/applications/*.desktop"))),
                new Place(
                        "x_session",
                        "what an X session starts",
                        List.of("T1547.013"),
                        all(
                                whole(
                                        "x_session",
                                        null,
                                        MEANT,
                                        "/etc/X11/Xsession.d/*",
                                        "/etc/X11/xinit/xinitrc.d/*",
                                        "/etc/X11/xinit/xinitrc",
                                        "/etc/X11/Xsession",
                                        "/etc/xdg/plasma-workspace/env/*.sh",
                                        "/etc/xdg/plasma-workspace/shutdown/*.sh"),
                                inHomes(
                                        "x_session",
                                        ANY,
                                        ".xinitrc",
                                        ".xsession",
                                        ".xsessionrc",
                                        ".xprofile",
                                        ".xserverrc",
                                        ".config/plasma-workspace/env/*.sh",
                                        ".config/plasma-workspace/shutdown/*.sh",
                                        ".kde/env/*.sh",
                                        ".kde/shutdown/*.sh"))),
                new Place(
                        "apt_hook",
                        "commands in the configuration of apt",
                        List.of("T1546.016"),
                        lines(
                                "apt_hook",
                                ROOT,
                                Pattern.compile(
                                        "(?i)(?<name>[\\w:-]*(?:Pre-|Post-)[\\w:-]*|[\\w:-]*Invoke[\\w:-]*|[\\w:-]*Pre-Install-Pkgs)[^\"]*\"(?<run>[^\"]*)\""),
                                MEANT,
                                "/etc/apt/apt.conf",
                                "/etc/apt/apt.conf.d/*")),
                new Place(
                        "dpkg_hook",
                        "commands in the configuration of dpkg",
                        List.of("T1546.016"),
                        lines(
                                "dpkg_hook",
                                ROOT,
                                Pattern.compile("^(?<name>(?:pre|post|status)-(?:invoke|logger))\\s*=?\\s*(?<run>.*)$"),
                                MEANT,
                                "/etc/dpkg/dpkg.cfg",
                                "/etc/dpkg/dpkg.cfg.d/*")),
                new Place(
                        "dnf_hook",
                        "plugins and actions of dnf",
                        List.of("T1546.016"),
                        all(
                                whole(
                                        "dnf_hook",
                                        ROOT,
                                        MEANT,
                                        "/etc/dnf/plugins/*.conf",
                                        "/usr/lib/python3*/site-packages/dnf-plugins/*.py",
                                        "/usr/lib/python3*/site-packages/dnf-plugins/*/__init__.py",
                                        "/etc/dnf/libdnf5-plugins/*.conf"),
                                lines(
                                        "dnf_hook",
                                        ROOT,
                                        Pattern.compile("^(?<name>[^:]+):[^:]*:(?<run>.*)$"),
                                        ANY,
                                        "/etc/dnf/plugins/post-transaction-actions.d/*.action",
                                        "/etc/dnf/plugins/pre-transaction-actions.d/*.action",
                                        "/etc/dnf/libdnf5-plugins/actions.d/*.actions"))),
                new Place(
                        "yum_hook",
                        "plugins of yum",
                        List.of("T1546.016"),
                        whole(
                                "yum_hook",
                                ROOT,
                                MEANT,
                                "/etc/yum/pluginconf.d/*.conf",
                                "/usr/lib/yum-plugins/*.py",
                                "/usr/share/yum-plugins/*.py")),
                new Place(
                        "pacman_hook",
                        "hooks of pacman",
                        List.of("T1546.016"),
                        lines(
                                "pacman_hook",
                                ROOT,
                                Pattern.compile("^Exec\\s*=\\s*(?<run>.*)$"),
                                path -> path.endsWith(".hook"),
                                "/etc/pacman.d/hooks/*",
                                "/usr/share/libalpm/hooks/*")),
                new Place("git_hook", "hooks of git repositories", List.of("T1546"), HomePlaces::gitHooks),
                new Place("git_config", "settings of git that run programs", List.of("T1546"), HomePlaces::gitConfig),
                new Place(
                        "networkmanager_dispatcher",
                        "scripts of NetworkManager",
                        List.of("T1546"),
                        all(programs(
                                "networkmanager_dispatcher",
                                ROOT,
                                MEANT,
                                "/etc/NetworkManager/dispatcher.d/*",
                                "/usr/lib/NetworkManager/dispatcher.d/*",
                                "/etc/NetworkManager/dispatcher.d/*.d/*",
                                "/usr/lib/NetworkManager/dispatcher.d/*.d/*"))),
                new Place(
                        "networkd_dispatcher",
                        "scripts of networkd-dispatcher",
                        List.of("T1546"),
                        programs(
                                "networkd_dispatcher",
                                ROOT,
                                MEANT,
                                "/etc/networkd-dispatcher/*.d/*",
                                "/usr/lib/networkd-dispatcher/*.d/*")),
                new Place(
                        "ifupdown_script",
                        "scripts and commands of ifupdown",
                        List.of("T1546"),
                        all(
                                programs(
                                        "ifupdown_script",
                                        ROOT,
                                        RUN_PART,
                                        "/etc/network/if-pre-up.d/*",
                                        "/etc/network/if-up.d/*",
                                        "/etc/network/if-down.d/*",
                                        "/etc/network/if-post-down.d/*"),
                                programs(
                                        "ifupdown_script",
                                        ROOT,
                                        MEANT,
                                        "/etc/sysconfig/network-scripts/if*-local",
                                        "/sbin/if*-local"),
                                lines(
                                        "ifupdown_script",
                                        ROOT,
                                        Pattern.compile(
                                                "^(?<name>pre-up|up|post-up|down|pre-down|post-down)\\s+(?<run>.*)$"),
                                        MEANT,
                                        "/etc/network/interfaces",
                                        "/etc/network/interfaces.d/*"))),
                new Place(
                        "dhclient_hook",
                        "hooks of DHCP clients",
                        List.of("T1546"),
                        whole(
                                "dhclient_hook",
                                ROOT,
                                MEANT,
                                "/etc/dhcp/dhclient-enter-hooks.d/*",
                                "/etc/dhcp/dhclient-exit-hooks.d/*",
                                "/etc/dhcp/dhclient-enter-hooks",
                                "/etc/dhcp/dhclient-exit-hooks",
                                "/etc/dhclient-enter-hooks",
                                "/etc/dhclient-exit-hooks",
                                "/etc/dhcp/dhclient.d/*.sh",
                                "/etc/dhcpcd.enter-hook",
                                "/etc/dhcpcd.exit-hook",
                                "/usr/lib/dhcpcd/dhcpcd-hooks/*",
                                "/usr/libexec/dhcpcd-hooks/*")),
                new Place("dbus_service", "services that D-Bus starts", List.of("T1543.002"), dbus()),
                new Place(
                        "polkit_rule",
                        "rules of polkit",
                        List.of("T1548"),
                        whole(
                                "polkit_rule",
                                "polkitd",
                                path -> path.endsWith(".rules") || path.endsWith(".pkla"),
                                "/etc/polkit-1/rules.d/*",
                                "/usr/share/polkit-1/rules.d/*",
                                "/usr/local/share/polkit-1/rules.d/*",
                                "/run/polkit-1/rules.d/*",
                                "/etc/polkit-1/localauthority/*/*",
                                "/var/lib/polkit-1/localauthority/*/*")),
                new Place(
                        "polkit_action",
                        "actions of polkit",
                        List.of("T1548"),
                        whole(
                                "polkit_action",
                                null,
                                path -> path.endsWith(".policy"),
                                "/usr/share/polkit-1/actions/*",
                                "/etc/polkit-1/actions/*",
                                "/usr/local/share/polkit-1/actions/*")),
                new Place(
                        "kernel_module",
                        "modules that are loaded at boot",
                        List.of("T1547.006"),
                        lines(
                                "kernel_module",
                                ROOT,
                                Pattern.compile("^(?<name>\\S+)(?<run>.*)$"),
                                MEANT,
                                "/etc/modules",
                                "/etc/modules-load.d/*.conf",
                                "/usr/lib/modules-load.d/*.conf",
                                "/run/modules-load.d/*.conf",
                                "/usr/local/lib/modules-load.d/*.conf",
                                "/etc/sysconfig/modules/*.modules")),
                new Place(
                        "modprobe_command",
                        "install and remove lines of modprobe.d",
                        List.of("T1547.006"),
                        lines(
                                "modprobe_command",
                                ROOT,
                                Pattern.compile("^(?<name>(?:install|remove)\\s+\\S+)\\s+(?<run>.*)$"),
                                MEANT,
                                "/etc/modprobe.conf",
                                "/etc/modprobe.d/*.conf",
                                "/usr/lib/modprobe.d/*.conf",
                                "/run/modprobe.d/*.conf",
                                "/usr/local/lib/modprobe.d/*.conf")),
                new Place(
                        "kernel_module_file",
                        "modules beside the kernel's own",
                        List.of("T1547.006"),
                        SystemPlaces::moduleFiles),
                new Place(
                        "binfmt",
                        "interpreters of binary formats",
                        List.of("T1546"),
                        all(
                                lines(
                                        "binfmt",
                                        null,
                                        Pattern.compile("^:(?<name>[^:]+):.*$"),
                                        ANY,
                                        "/etc/binfmt.d/*.conf",
                                        "/usr/lib/binfmt.d/*.conf",
                                        "/run/binfmt.d/*.conf",
                                        "/usr/local/lib/binfmt.d/*.conf"),
                                lines(
                                        "binfmt",
                                        null,
                                        Pattern.compile("^interpreter\\s+(?<run>.*)$"),
                                        path -> !path.endsWith("/register") && !path.endsWith("/status"),
                                        "/proc/sys/fs/binfmt_misc/*"))),
                new Place(
                        "initramfs_hook",
                        "hooks and scripts of the first root file system",
                        List.of("T1542"),
                        all(
                                programs(
                                        "initramfs_hook",
                                        ROOT,
                                        MEANT,
                                        "/etc/initramfs-tools/hooks/*",
                                        "/etc/initramfs-tools/scripts/*/*",
                                        "/usr/share/initramfs-tools/hooks/*",
                                        "/usr/share/initramfs-tools/scripts/*/*",
                                        "/etc/initramfs/post-update.d/*",
                                        "/etc/kernel/*.d/*",
                                        "/usr/lib/kernel/install.d/*",
                                        "/etc/kernel/install.d/*"),
                                whole(
                                        "initramfs_hook",
                                        ROOT,
                                        MEANT,
                                        "/etc/initcpio/hooks/*",
                                        "/etc/initcpio/install/*",
                                        "/usr/lib/initcpio/hooks/*"))),
                new Place(
                        "dracut_module",
                        "modules and settings of dracut",
                        List.of("T1542"),
                        whole(
                                "dracut_module",
                                ROOT,
                                MEANT,
                                "/etc/dracut.conf",
                                "/etc/dracut.conf.d/*.conf",
                                "/usr/lib/dracut/modules.d/*/*.sh",
                                "/usr/lib/dracut/dracut.conf.d/*.conf")),
                new Place(
                        "grub",
                        "entries of GRUB and the kernel's command line",
                        List.of("T1542"),
                        all(
                                lines(
                                        "grub",
                                        ROOT,
                                        Pattern.compile(
                                                "^(?:export\\s+)?(?<name>GRUB_CMDLINE_\\w+|GRUB_INIT_TUNE|GRUB_PRELOAD_MODULES|GRUB_EARLY_INITRD_\\w+)=(?<run>.*)$"),
                                        MEANT,
                                        "/etc/default/grub",
                                        "/etc/default/grub.d/*"),
                                programs(
                                        "grub",
                                        ROOT,
                                        path -> FilePlaces.isMeant(path) && !path.endsWith("/README"),
                                        "/etc/grub.d/*"),
                                whole(
                                        "grub",
                                        ROOT,
                                        ANY,
                                        "/boot/grub/custom.cfg",
                                        "/boot/grub2/custom.cfg",
                                        "/boot/grub2/user.cfg",
                                        "/etc/kernel/cmdline"),
                                lines(
                                        "grub",
                                        ROOT,
                                        Pattern.compile("^options\\s+(?<run>.*)$"),
                                        ANY,
                                        "/boot/loader/entries/*.conf",
                                        "/boot/efi/loader/entries/*.conf",
                                        "/efi/loader/entries/*.conf"))),
                new Place(
                        "cloud_init",
                        "commands and scripts of cloud-init",
                        List.of("T1037"),
                        all(
                                whole(
                                        "cloud_init",
                                        ROOT,
                                        MEANT,
                                        "/etc/cloud/cloud.cfg",
                                        "/etc/cloud/cloud.cfg.d/*.cfg"),
                                programs(
                                        "cloud_init",
                                        ROOT,
                                        MEANT,
                                        "/var/lib/cloud/scripts/per-boot/*",
                                        "/var/lib/cloud/scripts/per-instance/*",
                                        "/var/lib/cloud/scripts/per-once/*",
                                        "/var/lib/cloud/instance/scripts/*"))),
                new Place(
                        "docker_container",
                        "containers that Docker starts again",
                        List.of("T1543.005"),
                        SystemPlaces::containers),
                new Place(
                        "docker_daemon",
                        "settings of the Docker daemon",
                        List.of("T1543.005"),
                        whole(
                                "docker_daemon",
                                ROOT,
                                ANY,
                                "/etc/docker/daemon.json",
                                "/etc/default/docker",
                                "/etc/sysconfig/docker",
                                "/etc/containers/containers.conf",
                                "/usr/share/containers/oci/hooks.d/*.json",
                                "/etc/containers/oci/hooks.d/*.json")),
                new Place(
                        "podman_quadlet",
                        "containers that Podman has systemd start",
                        List.of("T1543.005"),
                        all(
                                lines(
                                        "podman_quadlet",
                                        ROOT,
                                        Pattern.compile("^(?<name>Image|Exec|Yaml)\\s*=\\s*(?<run>.*)$"),
                                        ANY,
                                        "/etc/containers/systemd/*.container",
                                        "/etc/containers/systemd/*.kube",
                                        "/usr/share/containers/systemd/*.container",
                                        "/etc/containers/systemd/users/*.container",
                                        "/etc/containers/systemd/users/*/*.container"),
                                inHomes(
                                        "podman_quadlet",
                                        path -> path.endsWith(".container") || path.endsWith(".kube"),
                                        ".config/containers/systemd/*"))),
                new Place(
                        "web_module",
                        "modules that web servers and PHP load",
                        List.of("T1505"),
                        all(
                                lines(
                                        "web_module",
                                        ROOT,
                                        Pattern.compile("^LoadModule\\s+(?<name>\\S+)\\s+(?<run>.*)$"),
                                        ANY,
                                        "/etc/apache2/apache2.conf",
                                        "/etc/apache2/mods-enabled/*.load",
                                        "/etc/apache2/conf-enabled/*.conf",
                                        "/etc/httpd/conf/httpd.conf",
                                        "/etc/httpd/conf.d/*.conf",
                                        "/etc/httpd/conf.modules.d/*.conf"),
                                lines(
                                        "web_module",
                                        ROOT,
                                        Pattern.compile("^load_module\\s+(?<run>[^;]*);?"),
                                        ANY,
                                        "/etc/nginx/nginx.conf",
                                        "/etc/nginx/modules-enabled/*.conf",
                                        "/usr/share/nginx/modules/*.conf"),
                                lines(
                                        "web_module",
                                        null,
                                        Pattern.compile(
                                                "^(?:php_(?:admin_)?value\\s+)?(?<name>(?:zend_)?extension|auto_prepend_file|auto_append_file)(?:\\s*=\\s*|\\s+)(?<run>\\S.*)$"),
                                        ANY,
                                        "/var/www/.user.ini",
                                        "/var/www/.htaccess",
                                        "/var/www/*/.user.ini",
                                        "/var/www/*/.htaccess",
                                        "/var/www/*/*/.user.ini",
                                        "/var/www/*/*/.htaccess",
                                        "/etc/php.ini",
                                        "/etc/php.d/*.ini",
                                        "/etc/php/*/*/php.ini",
                                        "/etc/php/*/*/conf.d/*.ini"))),
                new Place(
                        "suid_file",
                        "files with the set-user-id or set-group-id bit",
                        List.of("T1548.001"),
                        privileged::suid),
                new Place("file_capability", "files with capabilities", List.of("T1548.001"), privileged::capabilities),
                new Place(
                        "python_site",
                        ".pth files and sitecustomize of Python",
                        List.of("T1546.018"),
                        SystemPlaces::pythonSites),
                new Place(
                        "environment",
                        "/etc/environment and environment.d",
                        List.of("T1574.006"),
                        SystemPlaces::environment),
                new Place(
                        "at_spi",
                        "accessibility services",
                        List.of("T1546"),
                        whole(
                                "at_spi",
                                null,
                                ANY,
                                "/usr/share/dbus-1/accessibility-services/*.service",
                                "/etc/at-spi2/accessibility.conf",
                                "/usr/share/defaults/at-spi2/accessibility.conf")),
                new Place("gnome_extension", "extensions of GNOME Shell", List.of("T1546"), SystemPlaces::extensions),
                new Place("logrotate_script", "scripts of logrotate", List.of("T1053"), SystemPlaces::logrotate),
                new Place(
                        "rsyslog_program",
                        "programs that rsyslog runs",
                        List.of("T1546"),
                        lines(
                                "rsyslog_program",
                                ROOT,
                                // omprog's binary, or the action ^program behind a selector or a filter by property.
                                Pattern.compile(
                                        "(?:\\bbinary\\s*=\\s*\"|^(?::[^,]*,[^,]*,\\s*\"(?:[^\"\\\\]|\\\\.)*\"|\\S+)\\s+\\^)(?<run>[^\";]+)"),
                                MEANT,
                                "/etc/rsyslog.conf",
                                "/etc/rsyslog.d/*.conf")),
                new Place(
                        "snmpd_extend",
                        "programs that snmpd runs",
                        List.of("T1546"),
                        lines(
                                "snmpd_extend",
                                null,
                                Pattern.compile(
                                        "^(?<name>(?:extend(?:fix)?(?:-sh)?|exec(?:fix)?|sh|pass|pass_persist|perl|dlmod|extend-sh)\\s+\\S+)\\s+(?<run>.*)$"),
                                MEANT,
                                "/etc/snmp/snmpd.conf",
                                "/etc/snmp/snmpd.conf.d/*.conf",
                                "/etc/snmp/snmpd.local.conf",
                                "/usr/share/snmp/snmpd.conf")),
                new Place("mail_alias", "addresses that lead to programs", List.of("T1546"), HomePlaces::forward),
                new Place(
                        "user_account",
                        "users with uid 0 or without a password, and accounts of the system with one",
                        List.of("T1136.001", "T1078.003"),
                        SystemPlaces::accounts));
    }

    private static String[] generators() {
        List<String> all = new java.util.ArrayList<>();
        for (String root : List.of(
                "/etc/systemd/", "/run/systemd/", "/usr/local/lib/systemd/", "/usr/lib/systemd/", "/lib/systemd/")) {
            for (String kind : List.of(
                    "system-generators",
                    "user-generators",
                    "system-environment-generators",
                    "user-environment-generators",
                    "system-shutdown",
                    "system-sleep")) {
                all.add(root + kind + "/*");
            }
        }
        return all.toArray(String[]::new);
    }

    private static Place.Reader shells() {
        return all(
                whole(
                        "shell_profile",
                        null,
                        MEANT,
                        "/etc/profile",
                        // Shells of Bourne's kind read the first, csh the second; Red Hat's also *.local.
                        "/etc/profile.d/*.sh",
                        "/etc/profile.d/*.csh",
                        "/etc/profile.d/*sh.local",
                        "/etc/bash.bashrc",
                        "/etc/bash.bash_logout",
                        "/etc/bash_completion.d/*",
                        "/etc/bashrc",
                        "/etc/bash/bashrc.d/*",
                        "/etc/zsh/*",
                        "/etc/zshenv",
                        "/etc/zshrc",
                        "/etc/zprofile",
                        "/etc/zlogin",
                        "/etc/zlogout",
                        "/etc/ksh.kshrc",
                        "/etc/csh.cshrc",
                        "/etc/csh.login",
                        "/etc/csh.logout",
                        "/etc/csh/*/*",
                        "/etc/fish/config.fish",
                        "/etc/fish/conf.d/*",
                        "/usr/share/fish/vendor_conf.d/*"),
                // What new homes begin with.
                whole(
                        "shell_profile",
                        null,
                        ANY,
                        "/etc/skel/.bashrc",
                        "/etc/skel/.profile",
                        "/etc/skel/.bash_profile",
                        "/etc/skel/.bash_logout",
                        "/etc/skel/.zshrc",
                        "/etc/skel/.kshrc"),
                inHomes(
                        "shell_profile",
                        ANY,
                        ".profile",
                        ".bashrc",
                        ".bash_profile",
                        ".bash_login",
                        ".bash_logout",
                        ".bash_aliases",
                        ".bash_completion",
                        ".zshenv",
                        ".zprofile",
                        ".zshrc",
                        ".zlogin",
                        ".zlogout",
                        ".kshrc",
                        ".mkshrc",
                        ".cshrc",
                        ".tcshrc",
                        ".login",
                        ".logout",
                        ".config/fish/config.fish",
                        ".config/fish/conf.d/*",
                        ".config/fish/functions/*"));
    }

    private static Place.Reader dbus() {
        String kind = "dbus_service";
        Pattern exec = Pattern.compile("^Exec\\s*=\\s*(?<run>.*)$");
        return (tree, found) -> {
            for (String root : List.of(
                    "/usr/share/dbus-1/",
                    "/usr/local/share/dbus-1/",
                    "/etc/dbus-1/",
                    "/run/dbus-1/",
                    "/usr/lib/dbus-1/")) {
                lines(kind, ROOT, exec, ANY, root + "system-services/*.service").read(tree, found);
                lines(kind, null, exec, ANY, root + "services/*.service").read(tree, found);
            }
            tree.homes()
                    .forEach((home, user) -> lines(
                                    kind, user, exec, ANY, home + "/.local/share/dbus-1/services/*.service")
                            .read(tree, found));
        };
    }
}
