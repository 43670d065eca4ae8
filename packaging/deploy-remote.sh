#!/bin/sh
# Installs a release on another machine over ssh, and says how its fleet is. Run again with the same commit, it changes nothing.
#
#   deploy-remote.sh [OPTIONS] HOST [ARCHIVE]
#
# HOST is whatever ssh takes. ARCHIVE is panoptes-VERSION-linux-ARCH.tar.xz with its .sha256 beside it; without one, that in dist/.
#
#   --ssh COMMAND      in place of ssh; called like it: COMMAND HOST WORDS...
#   --directory DIR    where the archive is put over there; /tmp/panoptes-deploy
#   --url URL          where the server answers over there; http://127.0.0.1:8022
#   --retries N        how often it is asked whether it is ready, a second apart; 60
#   --deploy WORDS     further options of deploy.sh
#
# Leaves .last_deploy in the current directory: commit, time, host, release. Exit: 0 it runs, 1 it does not, 3 nothing was tried.
set -eu

fail() { # fail STATUS SENTENCE
    echo "deploy-remote: $2" >&2
    exit "$1"
}
say() { echo "deploy-remote: $*"; }

ssh=ssh
directory=/tmp/panoptes-deploy
url=http://127.0.0.1:8022
retries=60
deploy=
host=
archive=
while [ $# -gt 0 ]; do
    case $1 in
        --ssh | --directory | --url | --retries | --deploy)
            [ $# -ge 2 ] || fail 3 "$1 needs a value"
            case $1 in
                --ssh) ssh=$2 ;;
                --directory) directory=$2 ;;
                --url) url=${2%/} ;;
                --retries) retries=$2 ;;
                --deploy) deploy=$2 ;;
            esac
            shift 2
            ;;
        -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" ; exit 0 ;;
        -*) fail 3 "there is no option $1; see deploy-remote.sh --help" ;;
        *)
            if [ -z "$host" ]; then host=$1; elif [ -z "$archive" ]; then archive=$1; else fail 3 "one host and one archive at a time"; fi
            shift
            ;;
    esac
done
[ -n "$host" ] || fail 3 "name the host; see deploy-remote.sh --help"
case $host in *[!A-Za-z0-9@._:-]* | -*) fail 3 "'$host' is no host name" ;; esac
case $retries in '' | *[!0-9]* | ?????*) fail 3 "--retries must be a number, not '$retries'" ;; esac
case $directory in /*[!A-Za-z0-9/._-]* | [!/]*) fail 3 "--directory must be an absolute path of plain characters, not '$directory'" ;; esac
case $url in http://*[!A-Za-z0-9:/._-]* | https://*[!A-Za-z0-9:/._-]*) fail 3 "'$url' is no URL" ;; http://* | https://*) ;; *) fail 3 "--url must begin with http:// or https://, not '$url'" ;; esac
source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
[ -n "$archive" ] || archive=$(find "$source/dist" -maxdepth 1 -name 'panoptes-*.tar.xz' 2>/dev/null | head -1)
[ -f "${archive:-/nonexistent}" ] || fail 3 "there is no archive; run make dist, or name one"
[ -f "$archive.sha256" ] || fail 3 "there is no checksum $archive.sha256"
name=$(basename -- "$archive")
commit=$(git -C "$source" rev-parse HEAD 2>/dev/null || echo unknown)
read -r digest _ <"$archive.sha256"

there() { # there COMMAND...: over there
    # shellcheck disable=SC2086 # the command in place of ssh may have words
    $ssh "$host" "$@"
}
there true || fail 3 "$host cannot be reached"

# What is there already is not sent again.
if [ "$(there "sha256sum $directory/$name 2>/dev/null | cut -d' ' -f1" || true)" != "$digest" ]; then
    there "mkdir -p $directory"
    there "cat >$directory/$name.part && mv $directory/$name.part $directory/$name" <"$archive" || fail 1 "the archive could not be copied to $host"
    say "copied $name"
fi
there "cat >$directory/$name.sha256" <"$archive.sha256"
there "cat >$directory/deploy.sh" <"$source/packaging/deploy.sh"
there "sh $directory/deploy.sh --url $url $deploy $directory/$name" || fail 1 "the deployment on $host failed"

left=$retries
until there "curl -fsS -o /dev/null --max-time 5 $url/readyz" 2>/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail 1 "the server on $host does not become ready"
    sleep 1
done
# With its own token, which stays over there.
system=$(there "curl -fsS --max-time 30 -H \"Authorization: Bearer \$(cat /var/lib/panoptes/admin.token 2>/dev/null)\" $url/dashboard" 2>/dev/null || true)
health=$(there "curl -fsS --max-time 30 -H \"Authorization: Bearer \$(cat /var/lib/panoptes/admin.token 2>/dev/null)\" $url/api/v1/health/system" 2>/dev/null || true)
field() { # field NAME JSON
    printf '%s' "$2" | sed -n "s/.*\"$1\": *\"\{0,1\}\([^,\"}]*\).*/\1/p" | head -1
}
score=$(field health_score "$system")
threat=$(field threat_level "$health")
say "$host is ready: integrity score ${score:-unknown}, threat level ${threat:-unknown}"
printf '%s\t%s\t%s\t%s\n' "$commit" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$host" "${name%.tar.xz}" >.last_deploy.new
mv .last_deploy.new .last_deploy
