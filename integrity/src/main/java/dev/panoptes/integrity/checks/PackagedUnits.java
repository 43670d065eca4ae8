package dev.panoptes.integrity.checks;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Units that systemd itself, distributions and packages of servers bring: a fleet that names them need not hold them. */
final class PackagedUnits {
    /** Names without suffix, instance and version; with {@code -} at the end, the beginnings of names. */
    private static final Set<String> NAMES = Set.of("""
            accounts-daemon acpid alertmanager apache2 apparmor apt- asterisk atd auditd autofs avahi-daemon bind9
            blackbox_exporter bluetooth caddy cassandra certbot certbot-renew chrony chronyd clamav- clickhouse-server cloud-
            collectd colord consul containerd couchdb coturn cri-o crio cron crond cups dbus dev- dhclient dhcpcd dnsmasq docker
            dovecot dpkg- e2scrub elasticsearch emergency emqx etcd exim4 fail2ban filebeat firewalld fluent-bit fstrim fwupd
            gdm getty gitea gitlab-runner gpsd grafana grafana-server graphical-session haproxy homeassistant home-assistant
            hostapd httpd ifup influxd influxdb iptables irqbalance iscsi iscsid jellyfin jenkins journald k3s k3s-agent kafka
            keepalived kibana kubelet libvirtd lightdm local-fs logrotate logstash loki lvm2- man-db mariadb mdmonitor memcached
            metricbeat minio modemmanager mongod mongodb mosquitto motd- multipathd mysql mysqld named nats nats-server
            ndctl-monitor neo4j netdata netplan- network networking networkmanager networkmanager- nfs- nfs nftables nginx nmbd
            node_exporter nodered nomad nscd nslcd nss- ntp ntpd ntpsec ollama open-vm-tools opensearch openvpn openvpn- ostree-
            packagekit pgbouncer php-fpm pigpiod pipewire pipewire- plocate- plymouth- pm2- podman podman- polkit postfix
            postgres postgresql prometheus prometheus- promtail pulseaudio pulsar qemu-guest-agent rabbitmq-server rc-local
            redis redis- remote-fs resolvconf rpcbind rsync rsyncd rsyslog samba sddm serial-getty slapd smartd smartmontools
            smbd snap. snapd snmpd spamassassin squid ssh sshd sshguard sssd stunnel4 supervisor supervisord syncthing sys-
            syslog sysstat- systemd- tailscaled td-agent telegraf thermald time- tomcat tor traefik transmission-daemon udev
            udisks2 ufw unattended-upgrades unbound user user- valkey valkey- varnish vault vboxadd vector virtlogd vmtoolsd
            vsftpd watchdog wg-quick winbind wireplumber wpa_supplicant xinetd xvfb zabbix- zerotier-one zfs- zookeeper zram
            """.strip().split("\\s+"));

    private static final Pattern VERSION = Pattern.compile("[-_]?[0-9][0-9.]*(-.*)?$");
    private static final Pattern PHP = Pattern.compile("php[0-9.]*-fpm");

    private PackagedUnits() {}

    /** True for a unit's name, with suffix and instance, that no repository need hold. */
    static boolean contains(String unit) {
        String plain = unit.toLowerCase(Locale.ROOT);
        int dot = plain.lastIndexOf('.');
        String suffix = dot < 0 ? "" : plain.substring(dot + 1);
        if (Set.of("mount", "automount", "device", "slice", "swap", "scope").contains(suffix)) {
            return true;
        }
        plain = dot < 0 ? plain : plain.substring(0, dot);
        int at = plain.indexOf('@');
        plain = at < 0 ? plain : plain.substring(0, at);
        if (PHP.matcher(plain).matches()
                || NAMES.contains(plain)
                || NAMES.contains(VERSION.matcher(plain).replaceFirst(""))) {
            return true;
        }
        for (String name : NAMES) {
            if ((name.endsWith("-") || name.endsWith(".")) && plain.startsWith(name)) {
                return true;
            }
        }
        return false;
    }
}
