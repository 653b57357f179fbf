#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What 'facsim certify' runs for the reference plugin: the contract of
# docs/certify.md on one side, vaai-plugin-cli on the other. Use it as it is:
#
#   make -C vaai-endpoint/src/main/c BUILD=/tmp/plugin
#   VAAI_PLUGIN_CLI=/tmp/plugin/vaai-plugin-cli ./facsim certify -- docs/run-my-plugin-test.sh
#
# or as the pattern for your own plugin.
set -u

cli=${VAAI_PLUGIN_CLI:-vaai-plugin-cli}

plugin() {
  "$cli" -a "$FACSIM_ADDRESS" -p "$FACSIM_PORT" -e "$FACSIM_EXPORT" -u 0 -U 0 \
    -t "$FACSIM_CALL_TIMEOUT_SECONDS" -r 4 -w 500 \
    -i "$FACSIM_POLL_MILLIS" -s "$FACSIM_STALL_SECONDS" "$@"
}

case $FACSIM_OPERATION in
  clone)
    plugin clone "$FACSIM_SOURCE" "$FACSIM_DESTINATION" ;;
  cancel)
    plugin -c "$FACSIM_CANCEL_PERCENT" clone "$FACSIM_SOURCE" "$FACSIM_DESTINATION" ;;
  fast-clone)
    plugin -l clone "$FACSIM_SOURCE" "$FACSIM_DESTINATION" ;;
  *)
    echo "unknown operation $FACSIM_OPERATION" >&2
    exit 1 ;;
esac

# The exit code of vaai-plugin-cli is a vaai_plugin_result.
case $? in
  0) exit 0 ;;    # the array cloned
  10) exit 11 ;;  # cancelled
  64) exit 1 ;;   # this script is wrong
  *) exit 10 ;;   # the array did not clone: the host copies
esac
