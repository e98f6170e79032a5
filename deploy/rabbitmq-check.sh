#!/usr/bin/env bash
# Looks the broker over and says what is wrong, one line each; ends with 1 if anything is. For a timer or a monitor.
#
# Usage: deploy/rabbitmq-check.sh [VHOST] (by default ggzy). RABBITMQCTL names another rabbitmqctl, with its options.
set -euo pipefail

vhost=${1:-ggzy}
read -r -a rabbitmqctl <<<"${RABBITMQCTL:-rabbitmqctl}"
wrong=0

ctl() { "${rabbitmqctl[@]}" --quiet "$@"; }

say() {
    printf '%s\n' "$*"
    wrong=1
}

alarms=$(ctl eval 'rabbit_alarm:get_alarms().')
[ "$alarms" = '[]' ] || say "警报，不再收取消息 / alarm, no message is taken: $alarms"

# The watermark is a part of the memory, and `ratio` is what is used of that part.
early=$(ctl eval 'vm_memory_monitor:get_memory_use(ratio) > 0.7.')
[ "$early" = false ] || say '内存已用至警戒线七成以上 / over 70 % of the memory watermark is in use'
early=$(ctl eval 'rabbit_disk_monitor:get_disk_free() < 2 * rabbit_disk_monitor:get_disk_free_limit().')
[ "$early" = false ] || say '磁盘余量不足下限两倍 / less disk is free than twice the limit'

queues=$(ctl list_queues --vhost "$vhost" name messages consumers)
while IFS=$'\t' read -r name messages consumers; do
    case $name in
        ggzy.dead) [ "$messages" = 0 ] || say "死信 $messages 条 / dead letters: $messages" ;;
        rpc-* | events-*) [ "$consumers" != 0 ] || say "$name 无人消费，积压 $messages 条 / nobody consumes, $messages wait" ;;
    esac
done <<<"$queues"

exit "$wrong"
