package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units that no repository need hold: those of the system and of packages. */
class PackagedUnitsTest {
    @ParameterizedTest
    @CsvSource({
        "srv-data.mount, true",
        "srv.data.mount, true",
        "-.slice, true",
        "my.swap.service, false",
        "nginx, true",
        "nginx.service, true",
        "NGINX.service, true",
        "nginx-fleet.service, false",
        "mynginx.service, false",
        "ssh.socket, true",
        "postgresql@16-main.service, true",
        "postgresql-16.service, true",
        "php8.2-fpm.service, true",
        "php8.2-cli.service, false",
        "redis-sentinel@one.service, true",
        "redisx.service, false",
        "snap.lxd.daemon.service, true",
        "snapshot.service, false",
        "hermes.service, false",
        "hermes, false",
        "hermes@1.service, false",
    })
    void aUnitOfAPackageIsKnownByItsName(String unit, boolean packaged) {
        assertThat(PackagedUnits.contains(unit)).isEqualTo(packaged);
    }
}
