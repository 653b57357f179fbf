/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import org.facsim.array.Volume;
import org.facsim.management.ArrayJson.CallsJson;
import org.facsim.management.ArrayJson.ProfileJson;
import org.facsim.management.ArrayJson.ProfileRequest;
import org.facsim.management.ArrayJson.SavedStateJson;
import org.facsim.management.ArrayJson.StateJson;
import org.facsim.management.ArrayJson.StateRequest;
import org.facsim.management.ArrayJson.VaaiStatisticsJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;

/** What an administrator of the array reads and sets: space, profiles, named states, statistics. */
final class ArrayRoutes {
  private static final String API = "/api/v1";
  private static final String PROFILE = API + "/volumes/:volume/profile";
  private static final String STATE = API + "/states/:state";
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final ArrayControl array;

  ArrayRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(API + "/array", this::array);
    routes.get(API + "/profiles", this::profiles);
    routes.get(PROFILE, this::profile);
    routes.put(PROFILE, this::setProfile);
    routes.delete(PROFILE, this::resetProfile);
    routes.get(API + "/states", this::states);
    routes.post(API + "/states", this::saveState);
    routes.post(STATE + "/restore", this::restoreState);
    routes.delete(STATE, this::deleteState);
    routes.get(API + "/statistics/vaai", this::vaaiStatistics);
    routes.delete(API + "/statistics/vaai", this::resetVaaiStatistics);
    routes.get(API + "/statistics/rpc", this::rpcStatistics);
  }

  private void array(RoutingContext context) {
    Answers.json(context, OK, array.statistics().space());
  }

  // ---------------------------------------------------------------- profiles

  private void profiles(RoutingContext context) {
    ListPart.answer(
        context, ProfileJson.class, NamedProfiles.all().stream().map(ProfileJson::of).toList());
  }

  private void profile(RoutingContext context) {
    ProfileJson now = ProfileJson.of(array.profiles().of(volume(context)));
    Etags.show(context, Etags.of(now));
    Answers.json(context, OK, now);
  }

  private void setProfile(RoutingContext context) {
    Volume volume = volume(context);
    ArrayProfile profile = RequestedProfile.of(JsonBodies.read(context, ProfileRequest.class));
    Etags.check(context, Etags.of(ProfileJson.of(array.profiles().of(volume))));
    array.profiles().set(volume, profile);
    Answers.json(context, OK, ProfileJson.of(profile));
  }

  private void resetProfile(RoutingContext context) {
    JsonBodies.readNothing(context);
    Volume volume = volume(context);
    Etags.check(context, Etags.of(ProfileJson.of(array.profiles().of(volume))));
    array.profiles().reset(volume);
    Answers.noContent(context);
  }

  private Volume volume(RoutingContext context) {
    return RequestedVolume.of(context, array);
  }

  // ---------------------------------------------------------------- named states

  private void states(RoutingContext context) {
    ListPart.answer(
        context, StateJson.class, array.states().all().stream().map(StateJson::of).toList());
  }

  private void saveState(RoutingContext context) {
    StateRequest request = JsonBodies.read(context, StateRequest.class);
    String name = VaaiJson.required("name", request.name());
    if (Boolean.TRUE.equals(request.overwrite())) {
      array.states().saveOver(name);
    } else {
      array.states().save(name);
    }
    Answers.json(context, CREATED, new SavedStateJson(name));
  }

  private void restoreState(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.states().restore(context.pathParam("state"));
    Answers.noContent(context);
  }

  private void deleteState(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.states().delete(context.pathParam("state"));
    Answers.noContent(context);
  }

  // ---------------------------------------------------------------- statistics

  private void vaaiStatistics(RoutingContext context) {
    ListPart.answer(
        context,
        VaaiStatisticsJson.class,
        array.statistics().offloads().stream().map(VaaiStatisticsJson::of).toList());
  }

  private void resetVaaiStatistics(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.statistics().resetOffloads();
    Answers.noContent(context);
  }

  private void rpcStatistics(RoutingContext context) {
    ListPart.answer(
        context, CallsJson.class, array.statistics().calls().stream().map(CallsJson::of).toList());
  }
}
