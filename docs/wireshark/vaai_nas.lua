-- SPDX-License-Identifier: Apache-2.0
--
-- Wireshark's view of VAAI-NAS: calls and replies of the ONC RPC program that vaai_nas.x describes.
--
--   tshark -X lua_script:vaai_nas.lua -r calls.pcapng
--   Wireshark: put this file into the folder "Personal Lua Plugins" of Help > About > Folders
--
-- Made of vaai_nas.x by LuaDissectorTest of Facsim; do not edit. The tables below are the
-- description, what is behind them reads it.

local enums = {
  vaai_status = {
    [0] = "VAAI_OK",
    [1] = "VAAI_ERR_PERM",
    [2] = "VAAI_ERR_NOENT",
    [5] = "VAAI_ERR_IO",
    [13] = "VAAI_ERR_ACCESS",
    [17] = "VAAI_ERR_EXIST",
    [18] = "VAAI_ERR_XVOL",
    [20] = "VAAI_ERR_NOTDIR",
    [21] = "VAAI_ERR_ISDIR",
    [22] = "VAAI_ERR_INVAL",
    [27] = "VAAI_ERR_FBIG",
    [28] = "VAAI_ERR_NOSPC",
    [30] = "VAAI_ERR_ROFS",
    [63] = "VAAI_ERR_NAMETOOLONG",
    [70] = "VAAI_ERR_STALE",
    [10001] = "VAAI_ERR_BADHANDLE",
    [10004] = "VAAI_ERR_NOTSUPP",
    [10006] = "VAAI_ERR_SERVERFAULT",
    [10007] = "VAAI_ERR_BADTYPE",
    [20001] = "VAAI_ERR_BUSY",
    [20002] = "VAAI_ERR_TOO_DEEP",
    [20003] = "VAAI_ERR_TOO_MANY_CLONES",
    [20004] = "VAAI_ERR_SESSION",
    [20005] = "VAAI_ERR_TOO_MANY_SESSIONS",
    [20006] = "VAAI_ERR_VERSION",
    [20007] = "VAAI_ERR_REQUEST",
    [20008] = "VAAI_ERR_JOB",
    [20009] = "VAAI_ERR_ABORTED",
    [20010] = "VAAI_ERR_LOST",
  },
  vaai_file_kind = {
    [0] = "VAAI_BY_PATH",
    [1] = "VAAI_BY_HANDLE",
    [2] = "VAAI_BY_ENTRY",
  },
  vaai_primitive = {
    [1] = "VAAI_FULL_CLONE",
    [2] = "VAAI_LAZY_CLONE",
    [3] = "VAAI_EXTENDED_STATISTICS",
    [4] = "VAAI_RESERVE_SPACE",
    [5] = "VAAI_CLONE_ACROSS_VOLUMES",
    [6] = "VAAI_UNMAP_RANGES",
  },
  vaai_job_state = {
    [0] = "VAAI_JOB_NONE",
    [1] = "VAAI_JOB_QUEUED",
    [2] = "VAAI_JOB_RUNNING",
    [3] = "VAAI_JOB_SUCCEEDED",
    [4] = "VAAI_JOB_FAILED",
    [5] = "VAAI_JOB_ABORTED",
    [6] = "VAAI_JOB_LOST",
  },
  vaai_reserve_mode = {
    [0] = "VAAI_LAZY_ZEROED",
    [1] = "VAAI_EAGER_ZEROED",
  },
}

local flags = {
  { 0x5, "VAAI_CLONE_ACROSS_VOLUMES" },
  { 0x1, "VAAI_CLONE_LAZY" },
  { 0x2, "VAAI_CLONE_DRY_RUN" },
  { 0x4, "VAAI_CLONE_GUARDED" },
  { 0x8, "VAAI_CLONE_OTHER_VOLUME" },
}

local types = {
  vaai_handle = { alias = { type = "opaque", name = "vaai_handle", up_to = 64 } },
  vaai_path = { alias = { type = "string", name = "vaai_path", up_to = 1024 } },
  vaai_name = { alias = { type = "string", name = "vaai_name", up_to = 255 } },
  vaai_failure = { struct = {
    { type = "string", name = "reason", up_to = 255 },
  } },
  vaai_session = { struct = {
    { type = "opaque", name = "id", fixed = 16 },
  } },
  vaai_entry = { struct = {
    { type = "vaai_handle", name = "directory" },
    { type = "vaai_name", name = "name" },
  } },
  vaai_start_args = { struct = {
    { type = "uint", name = "protocol_version" },
    { type = "uint", name = "fs_version" },
    { type = "vaai_path", name = "export_path" },
    { type = "string", name = "client_name", up_to = 255 },
    { type = "uint", name = "timeout_seconds" },
  } },
  vaai_limits = { struct = {
    { type = "uint", name = "lease_seconds" },
    { type = "uint", name = "max_clones" },
    { type = "uint", name = "max_depth" },
    { type = "uint", name = "max_requests" },
    { type = "uint", name = "clone_block_bytes" },
    { type = "uhyper", name = "max_file_bytes" },
  } },
  vaai_start_ok = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "vaai_handle", name = "root" },
    { type = "uint", name = "timeout_seconds" },
    { type = "vaai_limits", name = "limits" },
  } },
  vaai_end_args = { struct = {
    { type = "vaai_session", name = "session" },
  } },
  vaai_support_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "uint", name = "primitive", enum = "vaai_primitive" },
  } },
  vaai_support_ok = { struct = {
    { type = "bool", name = "supported" },
    { type = "uint", name = "flags" },
    { type = "string", name = "reason", up_to = 255 },
  } },
  vaai_clone_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "uhyper", name = "request_id" },
    { type = "uint", name = "flags" },
    { type = "vaai_session", name = "source_session", optional = true },
    { type = "vaai_file", name = "source" },
    { type = "vaai_file", name = "destination" },
  } },
  vaai_job = { struct = {
    { type = "uhyper", name = "job_id" },
    { type = "vaai_job_state", name = "state" },
    { type = "vaai_status", name = "outcome" },
    { type = "string", name = "reason", up_to = 255 },
    { type = "uhyper", name = "total_bytes" },
    { type = "uhyper", name = "done_bytes" },
    { type = "uhyper", name = "shared_bytes" },
    { type = "uhyper", name = "copied_bytes" },
    { type = "vaai_handle", name = "destination" },
  } },
  vaai_job_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "uhyper", name = "job_id" },
  } },
  vaai_reserve_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "uhyper", name = "request_id" },
    { type = "vaai_file", name = "file" },
    { type = "vaai_reserve_mode", name = "mode" },
    { type = "uhyper", name = "size_bytes" },
  } },
  vaai_reserve_ok = { struct = {
    { type = "uhyper", name = "reserved_bytes" },
  } },
  vaai_statx_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "vaai_file", name = "file" },
  } },
  vaai_statx_ok = { struct = {
    { type = "uhyper", name = "total_bytes" },
    { type = "uhyper", name = "allocated_bytes" },
    { type = "uhyper", name = "unique_bytes" },
    { type = "uhyper", name = "shared_bytes" },
    { type = "uhyper", name = "reserved_bytes" },
    { type = "uhyper", name = "charged_bytes" },
  } },
  vaai_granularity_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "vaai_file", name = "file" },
  } },
  vaai_granularity_ok = { struct = {
    { type = "uhyper", name = "granularity_bytes" },
    { type = "uint", name = "max_ranges" },
  } },
  vaai_range = { struct = {
    { type = "uhyper", name = "offset_bytes" },
    { type = "uhyper", name = "length_bytes" },
  } },
  vaai_unmap_args = { struct = {
    { type = "vaai_session", name = "session" },
    { type = "uhyper", name = "request_id" },
    { type = "vaai_file", name = "file" },
    { type = "vaai_range", name = "ranges", up_to = 256 },
  } },
  vaai_unmap_ok = { struct = {
    { type = "uhyper", name = "unmapped_bytes" },
    { type = "uhyper", name = "freed_bytes" },
    { type = "uhyper", name = "released_bytes" },
  } },
  vaai_file = { switch = { type = "vaai_file_kind", name = "kind" }, arms = {
    [0] = { type = "vaai_path", name = "path" },
    [1] = { type = "vaai_handle", name = "handle" },
    [2] = { type = "vaai_entry", name = "entry" },
  } },
  vaai_start_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_start_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_end_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "void" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_support_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_support_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_clone_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_job", name = "job" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_job_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_job", name = "job" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_reserve_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_reserve_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_statx_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_statx_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_granularity_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_granularity_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
  vaai_unmap_res = { switch = { type = "vaai_status", name = "status" }, arms = {
    [0] = { type = "vaai_unmap_ok", name = "ok" },
  }, others = { type = "vaai_failure", name = "failure" } },
}

local PROGRAM = 0x2FAC5100
local procedures = {
  [1] = {
    [0] = { name = "VAAI_NULL", argument = "void", result = "void" },
    [1] = { name = "VAAI_SESSION_START", argument = "vaai_start_args", result = "vaai_start_res" },
    [2] = { name = "VAAI_SESSION_END", argument = "vaai_end_args", result = "vaai_end_res" },
    [3] = { name = "VAAI_SUPPORT", argument = "vaai_support_args", result = "vaai_support_res" },
    [4] = { name = "VAAI_CLONE", argument = "vaai_clone_args", result = "vaai_clone_res" },
    [5] = { name = "VAAI_CLONE_STATUS", argument = "vaai_job_args", result = "vaai_job_res" },
    [6] = { name = "VAAI_CLONE_ABORT", argument = "vaai_job_args", result = "vaai_job_res" },
    [7] = { name = "VAAI_RESERVE", argument = "vaai_reserve_args", result = "vaai_reserve_res" },
    [8] = { name = "VAAI_STATX", argument = "vaai_statx_args", result = "vaai_statx_res" },
  },
  [2] = {
    [0] = { name = "VAAI_NULL", argument = "void", result = "void" },
    [1] = { name = "VAAI_SESSION_START", argument = "vaai_start_args", result = "vaai_start_res" },
    [2] = { name = "VAAI_SESSION_END", argument = "vaai_end_args", result = "vaai_end_res" },
    [3] = { name = "VAAI_SUPPORT", argument = "vaai_support_args", result = "vaai_support_res" },
    [4] = { name = "VAAI_CLONE", argument = "vaai_clone_args", result = "vaai_clone_res" },
    [5] = { name = "VAAI_CLONE_STATUS", argument = "vaai_job_args", result = "vaai_job_res" },
    [6] = { name = "VAAI_CLONE_ABORT", argument = "vaai_job_args", result = "vaai_job_res" },
    [7] = { name = "VAAI_RESERVE", argument = "vaai_reserve_args", result = "vaai_reserve_res" },
    [8] = { name = "VAAI_STATX", argument = "vaai_statx_args", result = "vaai_statx_res" },
    [9] = { name = "VAAI_UNMAP_GRANULARITY", argument = "vaai_granularity_args", result = "vaai_granularity_res" },
    [10] = { name = "VAAI_UNMAP", argument = "vaai_unmap_args", result = "vaai_unmap_res" },
  },
}

local vaai = Proto("vaai_nas", "VAAI-NAS offload")
vaai.prefs.ports = Pref.range("TCP ports", "2049", "Ports of NFS on which VAAI-NAS is served", 65535)

local names = {}
for _, procs in pairs(procedures) do
  for number, each in pairs(procs) do
    names[number] = each.name
  end
end

local flavors = { [0] = "AUTH_NONE", [1] = "AUTH_SYS" }
local accepts = {
  [0] = "SUCCESS",
  [1] = "PROG_UNAVAIL",
  [2] = "PROG_MISMATCH",
  [3] = "PROC_UNAVAIL",
  [4] = "GARBAGE_ARGS",
  [5] = "SYSTEM_ERR",
}

local f = {
  fragment = ProtoField.uint32("vaai_nas.record_mark", "Record mark", base.HEX),
  xid = ProtoField.uint32("vaai_nas.xid", "XID", base.HEX),
  message = ProtoField.uint32("vaai_nas.message", "Message", base.DEC, { [0] = "Call", [1] = "Reply" }),
  program = ProtoField.uint32("vaai_nas.program", "Program", base.HEX),
  version = ProtoField.uint32("vaai_nas.version", "Version"),
  procedure = ProtoField.uint32("vaai_nas.procedure", "Procedure", base.DEC, names),
  credential = ProtoField.uint32("vaai_nas.credential", "Credential", base.DEC, flavors),
  verifier = ProtoField.uint32("vaai_nas.verifier", "Verifier", base.DEC, flavors),
  denied = ProtoField.uint32("vaai_nas.denied", "RPC reply", base.DEC, { [0] = "accepted", [1] = "denied" }),
  accept = ProtoField.uint32("vaai_nas.accept", "RPC accept status", base.DEC, accepts),
  status = ProtoField.uint32("vaai_nas.status", "Status", base.DEC, enums.vaai_status),
  reply_in = ProtoField.framenum("vaai_nas.reply_in", "Reply in", base.NONE, frametype.RESPONSE),
  call_in = ProtoField.framenum("vaai_nas.call_in", "Call in", base.NONE, frametype.REQUEST),
}

-- A field for each item of each structure: vaai_nas.clone_args.request_id ...
local function field(owner, item)
  local abbreviation = "vaai_nas." .. owner:gsub("^vaai_", "") .. "." .. item.name
  local values = enums[item.enum or item.type]
  if values then
    return ProtoField.uint32(abbreviation, item.name, base.DEC, values)
  elseif item.type == "uint" then
    return ProtoField.uint32(abbreviation, item.name, item.name == "flags" and base.HEX or base.DEC)
  elseif item.type == "uhyper" then
    return ProtoField.uint64(abbreviation, item.name)
  elseif item.type == "bool" then
    return ProtoField.uint32(abbreviation, item.name, base.DEC, { [0] = "FALSE", [1] = "TRUE" })
  elseif item.type == "string" then
    return ProtoField.string(abbreviation, item.name)
  elseif item.type == "opaque" then
    return ProtoField.bytes(abbreviation, item.name)
  end
  return nil
end

-- An item of a type that is another name of one is that one.
local function resolved(item)
  local type = types[item.type]
  if type and type.alias then
    local alias = type.alias
    return { type = alias.type, name = item.name, up_to = alias.up_to, fixed = alias.fixed, field = item.field }
  end
  return item
end

local fields = {}
local function give_field(owner, item)
  if item and item.name then
    item.field = field(owner, resolved(item))
    if item.field then
      fields[#fields + 1] = item.field
    end
  end
end
for name, type in pairs(types) do
  for _, item in ipairs(type.struct or {}) do
    give_field(name, item)
  end
  give_field(name, type.switch)
  for _, arm in pairs(type.arms or {}) do
    give_field(name, arm)
  end
  give_field(name, type.others)
end
for _, each in pairs(f) do
  fields[#fields + 1] = each
end
vaai.fields = fields

local cut = ProtoExpert.new("vaai_nas.cut", "The capture does not have the rest", expert.group.UNDECODED, expert.severity.NOTE)
local malformed = ProtoExpert.new("vaai_nas.malformed", "Not what vaai_nas.x describes", expert.group.MALFORMED, expert.severity.ERROR)
vaai.experts = { cut, malformed }

-- Reads a record from its beginning to its end. What is missing in the capture ends it as an error.
local CUT = {}
local Reader = {}
Reader.__index = Reader

function Reader:take(bytes)
  local from = self.at
  if from + bytes > self.tvb:len() then
    error(CUT, 0)
  end
  self.at = from + bytes
  return self.tvb(from, bytes)
end

function Reader:uint()
  local range = self:take(4)
  return range:uint(), range
end

function Reader:padded(bytes)
  local range = bytes > 0 and self:take(bytes) or nil
  self:take((4 - bytes % 4) % 4)
  return range
end

function Reader:opaque(most)
  local bytes, length = self:uint()
  if bytes > most then
    error("an item of " .. bytes .. " bytes; at most " .. most .. " are allowed", 0)
  end
  return self:padded(bytes), length
end

local read_type

local function read_bytes(reader, tree, item)
  local range, length
  if item.fixed then
    range = reader:padded(item.fixed)
  else
    range, length = reader:opaque(item.up_to)
  end
  if item.type == "string" then
    local text = range and range:string() or ""
    tree:add(item.field, range or length, text)
    reader.words[#reader.words + 1] = text
  elseif range then
    tree:add(item.field, range)
  else
    tree:add(item.field, length, ""):set_text(item.name .. ": empty")
  end
end

local function flag_names(value)
  local set = {}
  for _, flag in ipairs(flags) do
    if math.floor(value / flag[1]) % 2 == 1 then
      set[#set + 1] = flag[2]
    end
  end
  return table.concat(set, ", ")
end

local function read_one(reader, tree, item)
  if item.type == "void" then
    return nil
  elseif item.type == "string" or item.type == "opaque" then
    read_bytes(reader, tree, item)
  elseif item.type == "uhyper" then
    tree:add(item.field, reader:take(8))
  elseif item.field then
    local value, range = reader:uint()
    local line = tree:add(item.field, range)
    if item.name == "flags" and value ~= 0 then
      line:append_text(" (" .. flag_names(value) .. ")")
    end
    if item.type == "vaai_status" and item.name == "status" then
      tree:add(f.status, range):set_generated()
    end
    return value
  else
    read_type(reader, tree, item.type, item.name)
  end
end

local function read_item(reader, tree, raw)
  local item = resolved(raw)
  if item.optional then
    if reader:uint() == 0 then
      return nil
    end
  elseif item.up_to and item.type ~= "string" and item.type ~= "opaque" then
    local count = reader:uint()
    if count > item.up_to then
      error(count .. " of " .. item.name .. "; at most " .. item.up_to .. " are allowed", 0)
    end
    for _ = 1, count do
      read_one(reader, tree, item)
    end
    return nil
  end
  return read_one(reader, tree, item)
end

read_type = function(reader, parent, name, label)
  local type = types[name]
  local tree = parent:add(vaai, reader.tvb(reader.at > 0 and reader.at - 1 or 0, 1), label or name)
  local from = reader.at
  if type.struct then
    for _, item in ipairs(type.struct) do
      read_item(reader, tree, item)
    end
  else
    local value = read_item(reader, tree, type.switch)
    if type.switch.type == "vaai_status" then
      reader.status = enums.vaai_status[value] or tostring(value)
    end
    local arm = type.arms[value] or type.others
    if arm then
      read_item(reader, tree, arm)
    else
      error(type.switch.name .. " " .. value .. " has no arm in " .. name, 0)
    end
  end
  tree:set_len(reader.at - from)
end

-- Which procedure a reply answers is in its call.
local calls = {}
function vaai.init()
  calls = {}
end

local function key(pinfo, is_call, xid)
  local here = tostring(pinfo.src) .. ":" .. pinfo.src_port
  local there = tostring(pinfo.dst) .. ":" .. pinfo.dst_port
  return (is_call and here .. ">" .. there or there .. ">" .. here) .. "#" .. xid
end

local function read_auth(reader, tree, as)
  local _, range = reader:uint()
  tree:add(as, range)
  reader:opaque(400)
end

local function read_body(reader, tree, type)
  if type ~= "void" then
    read_type(reader, tree, type)
  end
  if reader.at < reader.tvb:reported_len() then
    error((reader.tvb:reported_len() - reader.at) .. " bytes are left over", 0)
  end
end

local function read_call(reader, tree, pinfo)
  reader:uint()
  local _, program = reader:uint()
  tree:add(f.program, program)
  local version, range = reader:uint()
  tree:add(f.version, range)
  local number, procedure = reader:uint()
  tree:add(f.procedure, procedure)
  local call = calls[key(pinfo, true, reader.xid)]
  if not pinfo.visited or not call then
    call = { version = version, number = number, frame = pinfo.number }
    calls[key(pinfo, true, reader.xid)] = call
  elseif call.reply then
    tree:add(f.reply_in, call.reply):set_generated()
  end
  local each = (procedures[version] or {})[number]
  reader.title = (each and each.name or "procedure " .. number) .. " Call"
  read_auth(reader, tree, f.credential)
  read_auth(reader, tree, f.verifier)
  if each then
    read_body(reader, tree, each.argument)
  end
end

local function read_reply(reader, tree, pinfo)
  local call = calls[key(pinfo, false, reader.xid)]
  local each = (procedures[call.version] or {})[call.number]
  call.reply = pinfo.number
  reader.title = (each and each.name or "procedure " .. call.number) .. " Reply"
  tree:add(f.call_in, call.frame):set_generated()
  tree:add(f.procedure, call.number):set_generated()
  local denied, range = reader:uint()
  tree:add(f.denied, range)
  if denied ~= 0 then
    reader.status = "denied"
    return
  end
  read_auth(reader, tree, f.verifier)
  local accept, accepted = reader:uint()
  tree:add(f.accept, accepted)
  if accept ~= 0 then
    reader.status = accepts[accept] or tostring(accept)
  elseif each then
    read_body(reader, tree, each.result)
  end
end

-- Whether a record is a call of this program, or the reply to one.
local function is_ours(tvb, pinfo)
  if tvb:len() < 12 or tvb(0, 1):uint() < 0x80 then
    return false
  end
  local message = tvb(8, 4):uint()
  if message == 0 then
    return tvb:len() >= 20 and tvb(12, 4):uint() == 2 and tvb(16, 4):uint() == PROGRAM
  end
  return message == 1 and calls[key(pinfo, false, tvb(4, 4):uint())] ~= nil
end

local function dissect_record(tvb, pinfo, root)
  if not is_ours(tvb, pinfo) then
    -- NFS, MOUNT and the like on the same port: as a message, because the record is whole here
    return 4 + Dissector.get("rpc"):call(tvb(4):tvb(), pinfo, root)
  end
  pinfo.cols.protocol = "VAAI"
  local tree = root:add(vaai, tvb())
  local reader = setmetatable({ tvb = tvb, at = 0, words = {} }, Reader)
  local ok, problem = pcall(function()
    tree:add(f.fragment, reader:take(4))
    local xid, range = reader:uint()
    reader.xid = xid
    tree:add(f.xid, range)
    local message, kind = reader:uint()
    tree:add(f.message, kind)
    if message == 0 then
      read_call(reader, tree, pinfo)
    else
      read_reply(reader, tree, pinfo)
    end
  end)
  if not ok then
    if problem == CUT and tvb:len() < tvb:reported_len() then
      tree:add_proto_expert_info(cut)
    else
      tree:add_proto_expert_info(malformed, problem == CUT and "The record ends too early" or tostring(problem))
    end
  end
  local title = (reader.title or "VAAI") .. " " .. (reader.status or table.concat(reader.words, " "))
  tree:append_text(": " .. title)
  pinfo.cols.info:set(title)
  return tvb:len()
end

local function record_length(tvb, _, offset)
  return tvb(offset, 4):uint() % 0x80000000 + 4
end

function vaai.dissector(tvb, pinfo, root)
  dissect_tcp_pdus(tvb, root, 4, record_length, dissect_record)
  return tvb:len()
end

-- Any other port, once a call of this program was seen there.
vaai:register_heuristic("tcp", function(tvb, pinfo, root)
  if not is_ours(tvb, pinfo) then
    return false
  end
  pinfo.conversation = vaai
  vaai.dissector(tvb, pinfo, root)
  return true
end)

local bound = ""
local function bind(ports)
  local tcp = DissectorTable.get("tcp.port")
  if bound ~= "" then
    tcp:remove(bound, vaai)
  end
  bound = ports
  if bound ~= "" then
    tcp:add(bound, vaai)
  end
end
bind(vaai.prefs.ports)
function vaai.prefs_changed()
  bind(vaai.prefs.ports)
end
