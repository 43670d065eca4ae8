#!/bin/sh
# Installs a release of Panoptes, or upgrades to it. Run again, it changes nothing; killed half-way, run it again.
#
#   deploy.sh [OPTIONS] [ARCHIVE]
#
# ARCHIVE is panoptes-VERSION-linux-ARCH.tar.xz with its .sha256 beside it; without one, that in dist/ of the source tree,
# which is built where it is missing.
#
#   --root DIR         install below DIR and start nothing: for images and for trying
#   --dry-run          say what would be done, and do nothing
#   --observer         the unit panoptes-observer.service, for a host without the server
#   --url URL          where the server answers /readyz; http://127.0.0.1:8022
#   --wait SECONDS     how long it may take until it is ready; 60
#   --keep N           how many releases stay installed; 3
#   --control COMMAND  called like systemctl: daemon-reload, is-active, enable, restart; with --root too
#
# What it leaves: /opt/panoptes/releases/VERSION-DIGEST, the links /opt/panoptes/current and /usr/local/bin/panoptes, the unit,
# /etc/panoptes/panoptes.yaml and panoptes.env (only where there are none) and /opt/panoptes/deployments: time, outcome, release, digest, who.
# Exit: 0 it runs, 1 it does not and the release before is back, 3 nothing was tried.
set -eu

fail() { # fail STATUS SENTENCE
    echo "deploy: $2" >&2
    exit "$1"
}
say() { echo "deploy: $*"; }

root=
dry=
control=
service=panoptes
url=http://127.0.0.1:8022
wait=60
keep=3
archive=
while [ $# -gt 0 ]; do
    case $1 in
        --root | --url | --wait | --keep | --control)
            [ $# -ge 2 ] || fail 3 "$1 needs a value"
            case $1 in
                --root) root=${2%/} ; [ -d "$2" ] || fail 3 "--root: there is no directory $2" ;;
                --url) url=${2%/} ;;
                --wait) wait=$2 ;;
                --keep) keep=$2 ;;
                --control) control=$2 ;;
            esac
            shift 2
            ;;
        --dry-run) dry=1 ; shift ;;
        --observer) service=panoptes-observer ; shift ;;
        -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" ; exit 0 ;;
        -*) fail 3 "there is no option $1; see deploy.sh --help" ;;
        *)
            [ -z "$archive" ] || fail 3 "one archive at a time, not $archive and $1"
            archive=$1
            shift
            ;;
    esac
done
case $wait in '' | *[!0-9]* | ?????*) fail 3 "--wait must be a number of seconds, not '$wait'" ;; esac
case $keep in '' | *[!0-9]* | 0 | 1 | ???*) fail 3 "--keep must be from 2 to 99, not '$keep'" ;; esac
case $url in http://* | https://*) ;; *) fail 3 "--url must begin with http:// or https://, not '$url'" ;; esac
[ -n "$root" ] && root=$(CDPATH='' cd -- "$root" && pwd -P)
if [ -z "$root" ] && [ -z "$control" ]; then
    control=systemctl
    [ -n "$dry" ] || [ "$(id -u)" = 0 ] || fail 3 "only root can install a service; or try it with --root DIR"
    [ -d /run/systemd/system ] || fail 3 "this machine was not booted with systemd; name what starts services with --control"
fi
for program in tar xz sha256sum flock; do
    command -v "$program" >/dev/null 2>&1 || fail 3 "$program is missing; install it and try again"
done
if [ -n "$control" ] && [ "$service" = panoptes ]; then
    command -v curl >/dev/null 2>&1 || fail 3 "curl is missing, and without it nobody knows whether the server is ready"
fi

# The archive, and whether it is what was made.
if [ -z "$archive" ]; then
    source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
    archive=$(find "$source/dist" -maxdepth 1 -name 'panoptes-*.tar.xz' 2>/dev/null | head -1)
    if [ -z "$archive" ]; then
        [ -f "$source/packaging/dist" ] || fail 3 "name the archive: deploy.sh panoptes-VERSION-linux-ARCH.tar.xz"
        if [ -n "$dry" ]; then
            say "would build the archive with make dist"
            exit 0
        fi
        make -C "$source" dist || fail 3 "make dist failed"
        archive=$(find "$source/dist" -maxdepth 1 -name 'panoptes-*.tar.xz' | head -1)
    fi
fi
[ -f "$archive" ] || fail 3 "there is no archive $archive"
name=$(basename -- "$archive" .tar.xz)
case $name in
    panoptes-*-linux-"$(uname -m)") ;;
    panoptes-*-linux-*) fail 3 "$name is for another processor than this machine's $(uname -m)" ;;
    *) fail 3 "$archive is no archive of Panoptes: its name must be panoptes-VERSION-linux-ARCH.tar.xz" ;;
esac
[ -f "$archive.sha256" ] || fail 3 "there is no checksum $archive.sha256; what cannot be verified is not installed"
read -r expected _ <"$archive.sha256" || true
actual=$(sha256sum <"$archive")
actual=${actual%% *}
[ "$expected" = "$actual" ] || fail 3 "$archive is damaged: its checksum is $actual, not $expected"

version=${name#panoptes-}
version=${version%-linux-*}
release=$version-$(printf %.12s "$actual")
home=$root/opt/panoptes
# The link's target is relative, so that it holds below --root as well as in the image made of it.
target=releases/$release
unit=$root/etc/systemd/system/$service.service
etc=$root/etc/panoptes
linked=$(readlink "$home/current" 2>/dev/null || true)
# What ran last is what a rollback goes back to: the link of a run that was killed is no proof.
last=$(tail -n 1 "$home/deployments" 2>/dev/null | cut -f 2,3 | tr '\t' ' ' || true)
before=$(awk -F '\t' '$2 == "running" || $2 == "rolled-back" { r = $3 } END { if (r != "") print "releases/" r }' \
    "$home/deployments" 2>/dev/null || true)
[ -n "$before" ] || before=$linked
if [ -n "$dry" ]; then
    if [ "$linked" = "$target" ]; then say "$release is installed"; else say "would install $release over ${linked:-nothing}"; fi
    exit 0
fi

if [ -n "$control" ] && [ "$service" = panoptes-observer ]; then
    for file in observer.env observer.token; do
        [ -f "$etc/$file" ] || fail 3 "an observer needs $etc/$file; $service.service says what belongs there"
    done
fi

mkdir -p "$home/releases" "$etc" "$(dirname -- "$unit")"
exec 9>>"$home/.lock"
flock -n 9 || fail 3 "another deployment is running"
record() { # record OUTCOME RELEASE DIGEST
    printf '%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" "$3" "${SUDO_USER:-$(id -un)}" >>"$home/deployments"
}

# What a killed run left; nobody else can be at work.
rm -rf "$home"/releases/.new.* "$home/current.new"
changed=
if [ ! -d "$home/$target" ]; then
    new=$home/releases/.new.$$
    mkdir "$new"
    tar -xJf "$archive" -C "$new" --no-same-owner --strip-components 1 || fail 3 "$archive could not be unpacked to $new"
    for part in panoptes runtime/bin/java "packaging/systemd/$service.service"; do
        [ -f "$new/$part" ] || fail 3 "$archive holds no release of Panoptes: there is no $part in it"
    done
    if [ -f "$new/make-start-up-cache" ]; then
        sh "$new/make-start-up-cache" || say "no start-up cache could be made; commands start slower"
    fi
    chmod -R a+rX,go-w "$new"
    # On the disk before it has its name: a release that bears it is complete.
    sync
    mv -T "$new" "$home/$target"
    say "unpacked $release"
    changed=1
fi

# The user of the service, where there is a system to have users.
if [ -z "$root" ] && ! id panoptes >/dev/null 2>&1; then
    if command -v systemd-sysusers >/dev/null 2>&1; then
        systemd-sysusers "$home/$target/packaging/systemd/panoptes.sysusers.conf"
    else
        useradd --system --home-dir /var/lib/panoptes --shell /usr/sbin/nologin panoptes
    fi
    say "made the user panoptes"
    changed=1
fi
if [ "$service" = panoptes ] && [ ! -e "$etc/panoptes.env" ]; then
    (umask 077 && cp "$home/$target/packaging/systemd/panoptes.env" "$etc/panoptes.env")
    if [ -z "$root" ]; then
        chgrp panoptes "$etc/panoptes.env"
        chmod 640 "$etc/panoptes.env"
    fi
    say "wrote $etc/panoptes.env; fill it in"
    changed=1
fi

# So that commands by whichever user find what the service keeps.
if [ ! -e "$etc/panoptes.yaml" ]; then
    printf '# Every setting: /opt/panoptes/current/docs/configuration.md\ndata_dir: /var/lib/panoptes\n' >"$etc/panoptes.yaml"
    chmod 644 "$etc/panoptes.yaml"
    say "wrote $etc/panoptes.yaml"
    changed=1
fi
if [ ! -e "$root/usr/local/bin/panoptes" ] && [ ! -h "$root/usr/local/bin/panoptes" ]; then
    mkdir -p "$root/usr/local/bin"
    ln -s /opt/panoptes/current/panoptes "$root/usr/local/bin/panoptes"
    say "linked $root/usr/local/bin/panoptes"
    changed=1
fi

install_unit() { # install_unit TARGET: the unit that belongs to that release
    wanted=$home/$1/packaging/systemd/$service.service
    if ! cmp -s "$wanted" "$unit"; then
        cp "$wanted" "$unit.new"
        chmod 644 "$unit.new"
        mv -T "$unit.new" "$unit"
        say "installed $unit"
        changed=1
    fi
}
link() { # link TARGET: in one step, so that there is always a release
    ln -s "$1" "$home/current.new"
    mv -T "$home/current.new" "$home/current"
}
install_unit "$target"
if [ "$linked" != "$target" ]; then
    link "$target"
    say "current is $release${linked:+, was ${linked#releases/}}"
    changed=1
fi

start() {
    # The lock stays here: what is started must not hold it for as long as it runs.
    "$control" daemon-reload 9>&- && "$control" enable "$service" >/dev/null 9>&- && "$control" restart "$service" 9>&-
}
ready() {
    left=$wait
    # An observer answers nobody: it is well when it still runs after a moment.
    [ "$service" = panoptes ] || left=5
    ended=0
    while [ "$left" -gt 0 ]; do
        if "$control" is-active "$service" >/dev/null 2>&1; then
            ended=0
            [ "$service" != panoptes ] || ! curl -fsS -o /dev/null --max-time 5 "$url/readyz" 2>/dev/null || return 0
        else
            # Once may be the moment between two attempts; three times in a row it has given up.
            ended=$((ended + 1))
            [ "$ended" -lt 3 ] || return 1
        fi
        sleep 1
        left=$((left - 1))
    done
    [ "$service" != panoptes ] && [ "$ended" = 0 ]
}
if [ -z "$control" ]; then
    if [ -n "$changed" ]; then
        record installed "$release" "$actual"
        say "installed $release below $root; nothing was started"
    else
        say "$release is installed below $root; nothing was changed"
    fi
    exit 0
fi

# The last line tells whether a run came to its end: a killed one may have changed everything and restarted nothing.
case $last in
    "running $release" | "rolled-back $release") ;;
    *) changed=1 ;;
esac
if [ -z "$changed" ] && "$control" is-active "$service" >/dev/null 2>&1; then
    say "$release is installed and runs; nothing was changed"
    exit 0
fi
if start && ready; then
    record running "$release" "$actual"
    say "$release runs"
    # Older releases go, but never the two that a rollback needs.
    find "$home/releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ releases/%f\n' | sort -rn | cut -d' ' -f2 |
        grep -vxF -e "$target" -e "${before:-$target}" | tail -n +$((keep - 1)) | while read -r old; do
        rm -rf "${home:?}/$old"
        say "removed ${old#releases/}"
    done
    exit 0
fi

record failed "$release" "$actual"
if [ -z "$before" ] || [ "$before" = "$target" ] || [ ! -d "$home/$before" ]; then
    fail 1 "$release does not become ready and there is no release before it; see the log of $service"
fi
say "$release does not become ready; going back to ${before#releases/}"
link "$before"
install_unit "$before"
if start && ready; then
    record rolled-back "${before#releases/}" -
    fail 1 "$release does not become ready; ${before#releases/} runs again"
fi
record failed "${before#releases/}" -
fail 1 "$release does not become ready, and neither does ${before#releases/}: if the new release migrated the database, restore the backup made before it; see the log of $service"
